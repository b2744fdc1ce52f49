"""Another site of the city that carries the chat: a server of another origin, and its pages."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

STRICT = "default-src 'none'; script-src {portal}; connect-src {portal} {sockets}"
WITHOUT_SOCKETS = "default-src 'none'; script-src {portal}; connect-src {portal}"
OWN_STYLE = "; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class HostPage:
    """What the page has of its own. `attributes` are those of the one tag of the chat.

    `policy` is a Content-Security-Policy; "{portal}" and "{sockets}" stand for the portal's origin.
    `instead` replaces the tag; "{tag}" in it is the tag again.
    """

    body: str = "<h1>Bibliotheek</h1><p>Wij zijn vandaag open.</p>"
    style: str = ""
    html: str = 'lang="nl"'
    attributes: str = ""
    policy: str = STRICT
    instead: str = "{tag}"


class HostSite:
    """`show` puts a page on an address of this site and returns that address."""

    def __init__(self, portal_url: str) -> None:
        self._portal = portal_url
        self._pages: dict[str, tuple[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._doorway())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def show(self, page: HostPage | None = None, path: str = "/") -> str:
        page = page or HostPage()
        names = {"portal": self._portal, "sockets": self._portal.replace("http", "ws", 1)}
        policy = page.policy.format(**names)
        if page.style:
            policy += OWN_STYLE
        tag = f'<script src="{self._portal}/widget.js" {page.attributes} async></script>'
        html = (
            f"<!doctype html><html {page.html}><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            f"<title>Een andere site</title><style>{page.style}</style></head>"
            f"<body><main>{page.body}</main>{page.instead.format(tag=tag, **names)}</body></html>"
        )
        self._pages[path] = (html if page.style else html.replace("<style></style>", ""), policy)
        return self.origin + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _doorway(self) -> type[BaseHTTPRequestHandler]:
        pages = self._pages

        class Doorway(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html, policy = pages.get(self.path, ("", ""))
                self.send_response(200 if html else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.send_header("Content-Length", str(len(html.encode())))
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *arguments: object) -> None:
                """Says nothing."""

        return Doorway


@contextlib.contextmanager
def host_site(portal_url: str) -> Iterator[HostSite]:
    site = HostSite(portal_url)
    try:
        yield site
    finally:
        site.close()


def may_ask(portal_url: str, origin: str) -> bool:
    """Whether the portal lets pages of `origin` ask how it is with the chat."""
    address = f"{portal_url}/chat/status.json"
    answer = httpx.get(address, headers={"Origin": origin}, trust_env=False)
    return answer.headers.get("Access-Control-Allow-Origin") in {origin, "*"}
