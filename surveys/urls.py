"""The citizens' addresses: short, because they are printed."""

from django.urls import path

from surveys.pages import citizen, finding, replies

app_name = "surveys"
urlpatterns = [
    path("", finding.offices, name="offices"),
    # before the offices: none may be called so
    path("phan-hoi/", replies.reply, name="reply"),
    path("<slug:slug>/", citizen.survey, name="start"),
    path("<slug:slug>/qr.svg", finding.qr, name="qr"),
    path("<slug:slug>/poster/", finding.poster, name="poster"),
    path("<slug:slug>/tra-loi/", replies.published, name="published"),
    path("<slug:slug>/<slug:form>/", citizen.survey, name="form"),
]
