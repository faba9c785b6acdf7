"""The officials' addresses."""

from django.urls import path

from reports.pages import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("phuong-phap/", views.methodology, name="methodology"),
]
