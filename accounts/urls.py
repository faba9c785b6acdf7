"""Where officials sign in, and where they keep their account.

allauth looks some addresses up under names of its own.
"""

from django.urls import path

from accounts import account, emergency_pages, link_pages, oidc, second_factors, signing_in, unsent

FACTORS = "tai-khoan/xac-thuc-hai-lop/"
CONFIRM = "tai-khoan/xac-nhan/"
urlpatterns = [
    path("dang-nhap/", signing_in.sign_in, name="login"),
    path("dang-nhap/", signing_in.sign_in, name="account_login"),
    path("dang-nhap/ma/", signing_in.SecondFactor.as_view(), name="mfa_authenticate"),
    path("dang-nhap/quen-mat-khau/", link_pages.forgotten, name="forgotten"),
    path("dang-nhap/khan-cap/", emergency_pages.emergency, name="emergency"),
    path("dang-nhap/qua/<str:provider_id>/", oidc.to_provider, name="openid_connect_login"),
    path(
        "dang-nhap/qua/<str:provider_id>/ve/",
        signing_in.from_provider,
        name="openid_connect_callback",
    ),
    path("dang-nhap/qua/", oidc.cancelled, name="socialaccount_login_cancelled"),
    path("dang-xuat/", signing_in.sign_out, name="logout"),
    path("dang-xuat/", signing_in.sign_out, name="account_logout"),
    path("lien-ket/<str:token>/", link_pages.one_time_link, name="one_time_link"),
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/", account.account, name="mfa_index"),
    path("tai-khoan/", account.account, name="mfa_list_webauthn"),
    path("tai-khoan/mat-khau/", account.password, name="password"),
    path("tai-khoan/phien/<int:pk>/ket-thuc/", account.end_session, name="end_session"),
    path("tai-khoan/phien/ket-thuc/", account.end_others, name="end_other_sessions"),
    path("tai-khoan/chua-gui/", unsent.unsent, name="unsent"),
    path("tai-khoan/chua-gui/<int:pk>/bo/", unsent.discard, name="discard"),
    path(CONFIRM, second_factors.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path(f"{CONFIRM}ma/", second_factors.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path(
        f"{CONFIRM}khoa/",
        second_factors.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path(FACTORS, second_factors.choose, name="second_factor"),
    path(f"{FACTORS}ung-dung/", second_factors.SetUpApp.as_view(), name="mfa_activate_totp"),
    path(f"{FACTORS}ung-dung/bo/", second_factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path(f"{FACTORS}khoa/", second_factors.SetUpPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        f"{FACTORS}khoa/<int:pk>/bo/",
        second_factors.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        f"{FACTORS}ma-du-phong/",
        second_factors.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        f"{FACTORS}ma-du-phong/moi/",
        second_factors.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
