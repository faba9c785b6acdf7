"""The citizens' addresses: short, because they are printed."""

from django.urls import path

from surveys.pages import citizen, finding

app_name = "surveys"
urlpatterns = [
    path("", finding.offices, name="offices"),
    path("<slug:slug>/", citizen.survey, name="start"),
    path("<slug:slug>/qr.svg", finding.qr, name="qr"),
    path("<slug:slug>/poster/", finding.poster, name="poster"),
    path("<slug:slug>/<slug:form>/", citizen.survey, name="form"),
]
