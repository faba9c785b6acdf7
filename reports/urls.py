"""The officials' addresses."""

from django.urls import path

from reports.pages import releases, views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("don-vi/<int:pk>/cong-bo/", releases.releases, name="releases"),
    path("don-vi/<int:pk>/cong-bo/moi/", releases.publish_period, name="publish"),
    path("cong-bo/<slug:slug>/", releases.release, name="release"),
    path("cong-bo/<slug:slug>/so-lieu.csv", releases.release_csv, name="release-csv"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("phuong-phap/", views.methodology, name="methodology"),
]
