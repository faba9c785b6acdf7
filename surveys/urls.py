"""The citizens' addresses: short, because they are printed."""

from django.urls import path

from surveys.citizen import finding, nearby, notices, replies, survey
from surveys.devices import shells
from surveys.devices import views as devices
from surveys.print import poster
from surveys.print import views as printing

app_name = "surveys"
urlpatterns = [
    path("", finding.offices, name="offices"),
    # before the offices: none may be called so
    path("phan-hoi/", replies.reply, name="reply"),
    path("gan-toi.json", nearby.points, name="nearby"),
    path("sw.js", shells.service_worker, name="service_worker"),
    path("app.webmanifest", shells.phone_manifest, name="phone_manifest"),
    path("ngoai-tuyen/", shells.offline, name="offline"),
    path("may-tinh-bang/", shells.kiosk, name="kiosk"),
    path("may-tinh-bang/app.webmanifest", shells.tablet_manifest, name="tablet_manifest"),
    path("giao/", devices.delivery, name="delivery"),
    path("may-tinh-bang/ghep/", devices.pair, name="pair"),
    path("may-tinh-bang/nhip/", devices.heartbeat, name="heartbeat"),
    path("may-tinh-bang/phieu.json", devices.tablet_questionnaire, name="tablet_questionnaire"),
    path("huong-dan-can-bo/", notices.advice, name="advice"),
    path("<slug:slug>/", survey.survey, name="start"),
    path("<slug:slug>/phieu.json", devices.questionnaire, name="questionnaire"),
    path("<slug:slug>/qr.svg", poster.qr, name="qr"),
    path("<slug:slug>/poster/", poster.poster, name="poster"),
    path("<slug:slug>/ap-phich.pdf", printing.poster_pdf, name="poster_pdf"),
    path("<slug:slug>/the-ban.pdf", printing.table_card_pdf, name="table_card_pdf"),
    path("<slug:slug>/thong-bao/", notices.notice, name="notice"),
    path("<slug:slug>/tra-loi/", replies.published, name="published"),
    path("<slug:slug>/<slug:form>/", survey.survey, name="form"),
]
