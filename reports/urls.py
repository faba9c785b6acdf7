"""The officials' addresses."""

from django.urls import path

from reports.pages import compare, exclusions, views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("don-vi/<int:pk>/so-sanh/", compare.compare, name="compare"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("co-quan/<slug:slug>/loai-tru/", exclusions.exclusions, name="exclusions"),
    path(
        "co-quan/<slug:slug>/loai-tru/<int:pk>/bo/",
        exclusions.lift_exclusion,
        name="lift_exclusion",
    ),
    path("phuong-phap/", views.methodology, name="methodology"),
]
