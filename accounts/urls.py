"""Login, logout, password reset and the second factor, by allauth. No sign-up address exists."""

from allauth.account import views as account
from django.urls import include, path, re_path

urlpatterns = [
    path("", account.login, name="account_login"),
    path("afmelden/", account.logout, name="account_logout"),
    path("opnieuw/", account.reauthenticate, name="account_reauthenticate"),
    path("inactief/", account.account_inactive, name="account_inactive"),
    path("gesloten/", account.signup, name="account_signup"),
    path("wachtwoord/", account.password_reset, name="account_reset_password"),
    path("wachtwoord/verstuurd/", account.password_reset_done, name="account_reset_password_done"),
    # The key has dashes of its own, so the first part must not be greedy for them.
    re_path(
        r"^wachtwoord/kies/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "wachtwoord/klaar/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("wachtwoord/wijzig/", account.password_change, name="account_change_password"),
    path("tweede-stap/", include("allauth.mfa.urls")),
]
