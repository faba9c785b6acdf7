"""The officials' addresses."""

from django.urls import path

from officials.administration import reach
from officials.administration.index import administration
from officials.administration.rights_table import rights_table
from officials.figures import compare, method, progress, proofs, views
from officials.nights import nights_page
from officials.office import dossiers, exclusions, invitations, remarks, tablets
from officials.publishing import releases

app_name = "officials"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("don-vi/<int:pk>/so-sanh/", compare.compare, name="compare"),
    path("don-vi/<int:pk>/cong-bo/", releases.releases, name="releases"),
    path("don-vi/<int:pk>/cong-bo/moi/", releases.publish_period, name="publish"),
    path("cong-bo/<slug:slug>/", releases.release, name="release"),
    path("cong-bo/<slug:slug>/so-lieu.csv", releases.release_csv, name="release-csv"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("co-quan/<slug:slug>/loai-tru/", exclusions.exclusions, name="exclusions"),
    path(
        "co-quan/<slug:slug>/loai-tru/<int:pk>/bo/",
        exclusions.lift_exclusion,
        name="lift_exclusion",
    ),
    path("don-vi/<int:pk>/tien-do/", progress.unit, name="unit_progress"),
    path("co-quan/<slug:slug>/tien-do/", progress.office, name="office_progress"),
    path("co-quan/<slug:slug>/gop-y/", remarks.remarks, name="remarks"),
    path("co-quan/<slug:slug>/gop-y/<uuid:key>/", remarks.remark, name="remark"),
    path("co-quan/<slug:slug>/loi-moi/", invitations.invitations, name="invitations"),
    path("co-quan/<slug:slug>/may-tinh-bang/", tablets.office_tablets, name="tablets"),
    path("co-quan/<slug:slug>/may-tinh-bang/nhap/", tablets.import_outbox, name="import_outbox"),
    path("quan-tri/", administration, name="administration"),
    path("quan-tri/quyen/", rights_table, name="rights"),
    path("quan-tri/quyen/co-quan/", reach.offices, name="reach_offices"),
    path("quan-tri/quyen/co-quan/<slug:slug>/", reach.office, name="reach_office"),
    path("quan-tri/quyen/nguoi/", reach.people, name="reach_people"),
    path("quan-tri/quyen/nguoi/<int:person>/", reach.person, name="reach_person"),
    path("dem/", nights_page, name="nights"),
    path("ho-so/", dossiers.dossiers, name="dossiers"),
    path("doi-chieu/", proofs.proofs, name="proofs"),
    path("phuong-phap/", method.methodology, name="methodology"),
]
