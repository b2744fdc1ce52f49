"""What is printed when the portal is ready."""

from accounts import demo
from hasselt_portal.environment import Environment


def welcome(settings: Environment) -> str:
    """Addresses, and in demo mode who can log in."""
    home = f"http://localhost:{settings.port}/"
    pages = {
        "For citizens": home,
        "For staff": home + "werkbank/",
        "Administration": home + "beheer/",
    }
    if settings.demo:
        pages["Demo mailbox"] = home + "demo/postvak/"
    lines = ["", "The portal is ready.", ""]
    lines += [f"  {name:<16}{address}" for name, address in pages.items()]
    if settings.demo:
        lines += ["", f"  Demo logins, all with the password  {demo.PASSWORD}", ""]
        lines += [f"    {who.email:<34}{who.first_name}, {who.title}" for who in demo.LOGINS]
    lines += ["", f"  Logs in {settings.var / 'log'}. Ctrl-C stops everything.", ""]
    return "\n".join(lines)
