"""Somebody at a browser: keeps cookies and sends the forms of the page at hand."""

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(r'name="(csrf_token|form_token)"[^>]*?value="([^"]*)"')


class Browser:
    """One person on one connection."""

    def __init__(self, url: str, timeout: float = 300, **cookies: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
        self._cookies = dict(cookies)
        self._hidden: dict[str, str] = {}
        self.status = 0

    def get(self, address: str) -> bytes:
        """A page or file; follows no redirect."""
        return self._ask("GET", address, {})

    def post(self, address: str, **fields: str | list[str]) -> bytes:
        """Send the form of the page that was got last."""
        return self._ask("POST", address, self._hidden | fields)

    def _ask(self, method: str, address: str, fields: Mapping[str, str | list[str]]) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            self._connection.request(method, path, urlencode(fields, doseq=True) or None, headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens another
            raise
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        self._hidden = dict(HIDDEN.findall(body.decode(errors="replace")))
        self.status = answer.status
        return body

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def follow_link(self, address: str) -> None:
        """Sign in by a one-time link: it is shown, then used."""
        self.get(address)
        self.post(address)
        assert self.status == 303, self.status
