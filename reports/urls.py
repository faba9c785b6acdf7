"""The officials' addresses."""

from django.urls import path

from reports.pages import compare, views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("don-vi/<int:pk>/so-sanh/", compare.compare, name="compare"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("phuong-phap/", views.methodology, name="methodology"),
]
