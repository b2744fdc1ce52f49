"""The accounts of the demo. Their password is public, so they exist in demo mode only."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PASSWORD = "welkom-in-hasselt"  # noqa: S105  printed at every start


@dataclass(frozen=True)
class DemoLogin:
    """One person; `title` is printed beside the address."""

    email: str
    first_name: str
    last_name: str
    role: str
    title: str


LOGINS = (
    DemoLogin("agent1@hasselt.example", "Bieke", "Claes", "agent", "contact-centre agent"),
    DemoLogin("agent2@hasselt.example", "Joris", "Vanhees", "agent", "contact-centre agent"),
    DemoLogin("supervisor@hasselt.example", "Nadia", "Amrani", "supervisor", "supervisor"),
    DemoLogin(
        "specialist@hasselt.example", "Tom", "Reynders", "specialist", "specialist, Mobility"
    ),
    DemoLogin("specialist2@hasselt.example", "Leen", "Thijs", "specialist", "head of Mobility"),
    DemoLogin("specialist3@hasselt.example", "Samir", "Bouazza", "specialist", "head of Housing"),
    DemoLogin("administrator@hasselt.example", "Greet", "Moons", "administrator", "administrator"),
)


def load() -> None:
    """Makes the demo accounts. An address that exists already is left as it is.

    Raises ImproperlyConfigured outside demo mode.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo accounts have a public password: PORTAL_DEMO only.")
    from accounts.models import User

    others = User.objects.exclude(email__in=[login.email for login in LOGINS])
    if others.exists():
        raise ImproperlyConfigured(
            "DATABASE_URL holds accounts that are not of the demo. Its password is public, so "
            "it does not enter there; choose another database."
        )
    for login in LOGINS:
        if not User.objects.filter(email=login.email).exists():
            user = User.objects.create_user(
                login.email, PASSWORD, first_name=login.first_name, last_name=login.last_name
            )
            user.role_grants.create(role=login.role)
