"""The officials' addresses."""

from django.urls import path

from reports.pages import dossiers, progress, views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("don-vi/<int:pk>/tien-do/", progress.unit, name="unit_progress"),
    path("co-quan/<slug:slug>/tien-do/", progress.office, name="office_progress"),
    path("ho-so/", dossiers.dossiers, name="dossiers"),
    path("phuong-phap/", views.methodology, name="methodology"),
]
