"""People who work with the portal, and the roles that open its doors."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff may do; docs/roles.md has the table."""

    AGENT = "agent", _("Contact-centre agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    SPECIALIST = "specialist", _("Specialist")
    DESK = "desk", _("Desk staff")
    ADMINISTRATOR = "administrator", _("Administrator")


class StaffAccounts(BaseUserManager["User"]):
    """Makes accounts; there is no open sign-up."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.create_user(email, password, is_superuser=True, **fields)
        user.role_grants.create(role=Role.ADMINISTRATOR)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: the e-mail address logs in, citizens see the first name."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(
        _("first name"), max_length=60, help_text=_("Citizens see this name in the chat.")
    )
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch off instead of deleting, so that the history keeps its names."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]
    objects = StaffAccounts()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        ordering = ["first_name", "last_name"]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name

    def role_set(self) -> frozenset[str]:
        """The roles of this person, read once for this object."""
        if not hasattr(self, "_role_set"):
            self._role_set = frozenset(self.role_grants.values_list("role", flat=True))
        return self._role_set

    def has_role(self, *roles: str) -> bool:
        """Whether this person is active and holds at least one of `roles`."""
        return self.is_active and not self.role_set().isdisjoint(roles)

    @property
    def is_staff(self) -> bool:
        """Whether Django admin opens."""
        return self.is_active and (self.is_superuser or self.has_role(Role.ADMINISTRATOR))


class RoleGrant(models.Model):
    """One role of one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="one_grant_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
