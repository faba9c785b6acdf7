"""The officials' addresses."""

from django.urls import path

from officials.administration import (
    audit,
    beginning,
    hours,
    inviting,
    keys,
    mergers,
    people,
    policies,
    preview,
    questionnaires,
    reach,
    targets,
)
from officials.administration import offices as managing
from officials.administration.index import administration
from officials.administration.rights_table import rights_table
from officials.approving import pages as approving
from officials.figures import compare, method, progress, proofs, search, today, views
from officials.nights import nights_page
from officials.office import (
    dossier_changes,
    dossiers,
    exclusions,
    floods,
    invitations,
    levels,
    remarks,
    tablets,
)
from officials.publishing import papers, releases

app_name = "officials"
urlpatterns = [
    path("", today.home, name="home"),
    path("tim/", search.search, name="search"),
    path("thu/", today.letters, name="letters"),
    path("thu/<str:token>/", today.end_letters, name="end_letters"),
    path("don-vi/<int:pk>/", views.unit, name="unit"),
    path("don-vi/<int:pk>/so-sanh/", compare.compare, name="compare"),
    path("don-vi/<int:pk>/cong-bo/", releases.releases, name="releases"),
    path("don-vi/<int:pk>/cong-bo/moi/", releases.publish_period, name="publish"),
    path("cong-bo/<slug:slug>/", releases.release, name="release"),
    path("cong-bo/<slug:slug>/so-lieu.csv", releases.release_csv, name="release-csv"),
    path("co-quan/<slug:slug>/", views.office, name="office"),
    path("co-quan/<slug:slug>/bao-cao/", papers.office_papers, name="office_papers"),
    path("co-quan/<slug:slug>/bao-cao.pdf", papers.office_pdf, name="office_pdf"),
    path("co-quan/<slug:slug>/bao-cao.xlsx", papers.office_xlsx, name="office_xlsx"),
    path("don-vi/<int:pk>/bao-cao/", papers.unit_papers, name="unit_papers"),
    path("don-vi/<int:pk>/bao-cao.pdf", papers.unit_pdf, name="unit_pdf"),
    path("don-vi/<int:pk>/bao-cao.xlsx", papers.unit_xlsx, name="unit_xlsx"),
    path("co-quan/<slug:slug>/loai-tru/", exclusions.exclusions, name="exclusions"),
    path(
        "co-quan/<slug:slug>/loai-tru/<int:pk>/bo/",
        exclusions.lift_exclusion,
        name="lift_exclusion",
    ),
    path("co-quan/<slug:slug>/phieu-cho/", floods.floods, name="floods"),
    path("co-quan/<slug:slug>/muc-chung-cu/", levels.levels, name="levels"),
    path("don-vi/<int:pk>/phieu-cho/", floods.unit_floods, name="unit_floods"),
    path("co-quan/<slug:slug>/ho-so/", dossier_changes.dossier_changes, name="dossier_changes"),
    path(
        "co-quan/<slug:slug>/ho-so/thay-doi.csv",
        dossier_changes.dossier_changes_csv,
        name="dossier_changes_csv",
    ),
    path("don-vi/<int:pk>/tien-do/", progress.unit, name="unit_progress"),
    path("co-quan/<slug:slug>/tien-do/", progress.office, name="office_progress"),
    path("co-quan/<slug:slug>/gop-y/", remarks.remarks, name="remarks"),
    path("co-quan/<slug:slug>/gop-y/<uuid:key>/", remarks.remark, name="remark"),
    path("co-quan/<slug:slug>/loi-moi/", invitations.invitations, name="invitations"),
    path("co-quan/<slug:slug>/may-tinh-bang/", tablets.office_tablets, name="tablets"),
    path("co-quan/<slug:slug>/may-tinh-bang/nhap/", tablets.import_outbox, name="import_outbox"),
    path("cho-duyet/", approving.waiting, name="waiting"),
    path("cho-duyet/<int:pk>/", approving.proposal, name="proposal"),
    path("quan-tri/", administration, name="administration"),
    path("quan-tri/co-quan/", managing.manage_offices, name="manage_offices"),
    # before the offices: none may be called so
    path("quan-tri/co-quan/moi/", managing.office_place, name="office_place"),
    path("quan-tri/co-quan/moi/<int:pk>/", managing.office_new, name="office_new"),
    path("quan-tri/co-quan/<slug:slug>/", managing.office_edit, name="office_edit"),
    path("quan-tri/co-quan/<slug:slug>/gio/", hours.office_hours, name="office_hours"),
    path("quan-tri/bat-dau/<int:pk>/", beginning.begin, name="begin"),
    path("quan-tri/bat-dau-tinh/<int:pk>/", beginning.begin_province, name="begin_province"),
    path("quan-tri/ngay-nghi/", hours.holiday_places, name="holiday_places"),
    path("quan-tri/ngay-nghi/<int:pk>/", hours.holiday_list, name="holidays"),
    path("quan-tri/sap-nhap/", mergers.merger_places, name="merger_places"),
    path("quan-tri/sap-nhap/<int:pk>/", mergers.merge, name="merge"),
    path("quan-tri/nguoi-dung/", people.people_list, name="people"),
    path("quan-tri/nguoi-dung/moi/", inviting.people_invite, name="people_invite"),
    path("quan-tri/nguoi-dung/<int:person>/", people.person, name="person"),
    path("quan-tri/khoa/", keys.keys, name="keys"),
    path("quan-tri/khoa/<int:integration>/", keys.key, name="key"),
    path("quan-tri/muc-tieu/", targets.targets, name="targets"),
    path("quan-tri/quy-tac/", policies.policies, name="policies"),
    path("quan-tri/phieu/", questionnaires.questionnaires, name="questionnaires"),
    path("quan-tri/phieu/<int:draft>/", questionnaires.questionnaire, name="questionnaire"),
    path("quan-tri/phieu/<int:draft>/xem-truoc/", preview.preview, name="questionnaire_preview"),
    path(
        "quan-tri/phieu/<slug:slug>/<int:version>/doi-trang-thai/",
        questionnaires.questionnaire_state,
        name="questionnaire_state",
    ),
    path("quan-tri/nhat-ky/", audit.audit_page, name="audit"),
    path("quan-tri/nhat-ky/xuat.csv", audit.audit_csv, name="audit-csv"),
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
