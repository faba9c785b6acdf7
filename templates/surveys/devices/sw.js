{% load static %}import { serve } from "{% static 'js/worker.js' %}";
serve({
  version: "{{ version|escapejs }}",
  offline: "{% url 'surveys:offline' %}",
  files: [
{% for file in files %}    "{{ file|escapejs }}",
{% endfor %}  ],
});
