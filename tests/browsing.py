"""Pages in a real browser: what bars the way, and how they are seen without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

HOUSE = "http://localhost"  # no server: the routes below answer
# Looking at contrast takes most of axe's time: of words in the same colours, size and weight, on
# the same grounds all the way up, it looks at the first two.
SAMPLES = """() => {
    const kinds = new Map(), times = new Map();
    const look = (one, around) => {
        const style = getComputedStyle(one);
        const looks = [around, style.color, style.backgroundColor, style.backgroundImage,
            style.opacity, style.fontSize, style.fontWeight, style.position].join(";");
        if (!kinds.has(looks)) kinds.set(looks, kinds.size);
        const kind = kinds.get(looks);
        const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        one.removeAttribute("data-sample");
        if (says || one.matches("input, select, textarea")) {
            times.set(kind, (times.get(kind) ?? 0) + 1);
            if (times.get(kind) <= 2) one.setAttribute("data-sample", "");
        }
        for (const child of one.children) look(child, kind);
    };
    look(document.body, "");
    axe.configure({rules: [{id: "color-contrast", selector: "[data-sample]"}]});
}"""
_static: dict[str, tuple[dict[str, str], bytes]] = {}  # files that every page asks for, by path


def whole(app: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """The app, each answer read before it is sent: who leaves half-way leaves no file open."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        given = app(environ, start_response)
        try:
            return [b"".join(given)]
        finally:
            getattr(given, "close", lambda: None)()

    return answer


def serve(client: FlaskClient, page: Page) -> None:
    """Let the page's requests be answered by the test client, which is signed in."""

    def answer(route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(HOUSE)
        if path in _static:
            route.fulfill(headers=_static[path][0], body=_static[path][1])
            return
        given = client.open(
            path,
            method=request.method,
            data=request.post_data_buffer,
            headers={
                key: value
                for key, value in request.headers.items()
                if key in ("content-type", "accept", "unattended") or key.startswith("hx-")
            },
        )
        headers = {
            key: value for key, value in given.headers.items() if key.lower() != "set-cookie"
        }
        if given.status_code == 303:  # a fulfilled redirect is not followed: follow it here
            given.close()
            given = client.get(given.location)
            headers = {"Content-Type": given.content_type or "text/html"}
        status, body = given.status_code, given.get_data()
        given.close()  # before the page can be gone
        if status == 200 and path.startswith("/static/"):
            _static[path] = headers, body
        route.fulfill(status=status, headers=headers, body=body)

    page.route("**/*", answer)


def barriers(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it is now: the rule, the element, and how to mend it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(SAMPLES)
    # style sheets are not read anew: only a rule that is off unless asked for looks into them
    given: dict[str, Any] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    given |= {"rules": {"target-size": {"enabled": True}}} | options  # of WCAG 2.2, off by default
    rules = page.evaluate("options => axe.run(options).then(found => found.violations)", given)
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:160]}"
        for rule in rules
        for node in rule["nodes"]
    ]
