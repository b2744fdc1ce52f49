"""The environment, read once, typed, and loud when wrong.

Every setting that differs between machines is a field here. `read` raises
`ImproperlyConfigured` with the name of the variable, so that a wrong value
stops the start instead of surfacing an hour later.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

LEAST_TOKEN = 32
# Opens a demo, on this machine only.
DEMO_EXCHANGE_TOKEN = "demo-token-of-the-telephone-exchange"  # noqa: S105
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
MAX_SOCKET_PATH_BYTES = 107  # sun_path of a unix socket, less its closing zero (unix(7))


@dataclass(frozen=True)
class Environment:
    """What the process was told from outside."""

    demo: bool
    port: int
    var: Path
    secret_key: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    database_url: str
    redis_url: str
    email_url: str
    clamd_url: str
    from_email: str
    portal_url: str
    trusted_proxies: int
    https: bool
    hsts_subdomains: bool
    chat_sockets_per_address: int
    exchange_token: str


def read(source: Mapping[str, str], *, base: Path) -> Environment:
    """Reads and checks all settings; `base` is the folder of manage.py."""
    # django-environ's readers are used so that lists, booleans and numbers follow one notation.
    env = environ.Env()
    env.ENVIRON = dict(source)
    demo = _bool(env, "PORTAL_DEMO", default=False)
    port = _int(env, "PORT", default=8000, low=1, high=65535)
    var = Path(source.get("PORTAL_VAR") or base / "var").resolve()
    secret_key = source.get("SECRET_KEY", "")
    allowed_hosts = env.list("ALLOWED_HOSTS", default=[])
    database_url = _url(source, "DATABASE_URL", {"sqlite", "postgres", "postgresql"})
    redis_url = _url(source, "REDIS_URL", {"redis", "rediss", "unix"})
    email_url = _url(source, "EMAIL_URL", {"smtp", "smtp+tls", "smtp+ssl", "smtps"})

    if demo:
        _refuse_beside_production(source, allowed_hosts)
        allowed_hosts = sorted(LOOPBACK_HOSTS)
        secret_key = "demo-only-" + str(var)  # replaced by a random one that var keeps
    elif len(secret_key) < 50:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or shorter than 50 characters. Outside demo mode it has no "
            "default; make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    elif not allowed_hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing: name the portal's host names.")

    proxies = _int(env, "TRUSTED_PROXIES", default=0, low=0, high=5)
    https = not demo and _bool(env, "HTTPS", default=True)
    if https and not proxies:
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES must be at least 1 with HTTPS: the portal does not speak TLS itself, "
            "so without a proxy it trusts it would redirect for ever. Or set HTTPS=0 for a trial."
        )
    trusted_origins = env.list("CSRF_TRUSTED_ORIGINS", default=[])
    if not all(origin.startswith(("https://", "http://")) for origin in trusted_origins):
        raise ImproperlyConfigured("CSRF_TRUSTED_ORIGINS must begin with https:// (or http://).")
    return Environment(
        demo=demo,
        port=port,
        var=var,
        secret_key=secret_key,
        allowed_hosts=allowed_hosts,
        trusted_origins=trusted_origins,
        database_url=database_url or f"sqlite:///{var / 'portal.sqlite3'}",
        redis_url=redis_url or f"unix://{embedded_socket(var)}?db=0",
        email_url=email_url,
        clamd_url=_clamd_url(source),
        from_email=source.get("FROM_EMAIL", "Stad Hasselt <noreply@hasselt.example>"),
        portal_url=_portal_url(source, demo=demo, port=port, https=https, hosts=allowed_hosts),
        trusted_proxies=proxies,
        https=https,
        hsts_subdomains=_bool(env, "HSTS_SUBDOMAINS", default=False),
        chat_sockets_per_address=_int(
            env, "CHAT_SOCKETS_PER_ADDRESS", default=400, low=1, high=1_000_000
        ),
        exchange_token=_exchange_token(source, demo=demo),
    )


def embedded_socket(var: Path) -> Path:
    """Where the private Valkey server of the embedded default listens."""
    path = var / "valkey.sock"
    if len(str(path).encode()) > MAX_SOCKET_PATH_BYTES:
        raise ImproperlyConfigured(
            f"PORTAL_VAR is too long: the socket {path} may have {MAX_SOCKET_PATH_BYTES} bytes. "
            "Choose a shorter folder."
        )
    return path


def _clamd_url(source: Mapping[str, str]) -> str:
    url = _url(source, "CLAMD_URL", {"tcp", "unix"})
    parts = urlsplit(url)
    try:
        complete = parts.path if parts.scheme == "unix" else parts.hostname and parts.port
    except ValueError:
        complete = None
    if url and not complete:
        raise ImproperlyConfigured("CLAMD_URL must read tcp://host:port or unix:///path.")
    return url


def _portal_url(
    source: Mapping[str, str], *, demo: bool, port: int, https: bool, hosts: list[str]
) -> str:
    """Where a link in a mail leads: named, or else the first host name."""
    url = _url(source, "PORTAL_URL", {"https", "http"}).rstrip("/")
    parts = urlsplit(url)
    if url and (not parts.hostname or parts.path or parts.query):
        raise ImproperlyConfigured("PORTAL_URL must read https://host, without a path.")
    if url:
        return url
    if demo:
        return f"http://localhost:{port}"
    named = next((host for host in hosts if not host.startswith((".", "*"))), "")
    if not named:
        raise ImproperlyConfigured("PORTAL_URL is missing: links in mails need a host name.")
    return f"{'https' if https else 'http'}://{named}"


def _exchange_token(source: Mapping[str, str], *, demo: bool) -> str:
    token = source.get("EXCHANGE_TOKEN", "").strip()
    if token and (len(token) < LEAST_TOKEN or not re.fullmatch(r"[!-~]+", token)):
        raise ImproperlyConfigured(
            f"EXCHANGE_TOKEN needs at least {LEAST_TOKEN} letters, digits or signs, no spaces; "
            "make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return token or (DEMO_EXCHANGE_TOKEN if demo else "")


def _refuse_beside_production(source: Mapping[str, str], allowed_hosts: list[str]) -> None:
    # The demo has known passwords, so it must never face a network.
    if source.get("SECRET_KEY"):
        raise ImproperlyConfigured("PORTAL_DEMO refuses to start beside a SECRET_KEY. Unset one.")
    foreign = sorted(set(allowed_hosts) - LOOPBACK_HOSTS)
    if foreign:
        raise ImproperlyConfigured(
            f"PORTAL_DEMO listens on loopback only; ALLOWED_HOSTS names {', '.join(foreign)}."
        )


def _bool(env: environ.Env, name: str, *, default: bool) -> bool:
    text = env.ENVIRON.get(name, "").strip().lower()
    if text in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        return text in {"1", "true", "yes", "on"} if text else default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}.")


def _int(env: environ.Env, name: str, *, default: int, low: int, high: int) -> int:
    text = env.ENVIRON.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ImproperlyConfigured(f"{name} must be a number from {low} to {high}, not {text!r}.")
    return int(text)


def _url(source: Mapping[str, str], name: str, schemes: set[str]) -> str:
    text = source.get(name, "").strip()
    if text and urlsplit(text).scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} must start with one of {', '.join(sorted(s + '://' for s in schemes))}."
        )
    return text
