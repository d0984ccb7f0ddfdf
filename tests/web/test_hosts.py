"""The names this site answers to."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from trainings.web.hosts import KnownHosts


@pytest.mark.parametrize(
    "host",
    [
        "trainings.example",
        "trainings.example:80",
        "Trainings.Example",
        "localhost",
        "localhost:8000",
        "127.0.0.1",
        "127.0.0.1:8001",
        "[::1]",
        "[::1]:8000",
    ],
)
def test_its_own_names_and_loopback_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "a..b",
        "trainings.example.evil.example",
        "trainings.example:8080",
        "trainings.example:",
        "evil@trainings.example",
        "127.0.0.1.evil.example",
        "",
        "é",
        "127.0.0.1:port",
        "localhost:1\n",
        "[::1",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/", "//evil.example", "/nowhere", "//path"])
def test_another_name_is_refused_before_anything_else(app: Flask, host: str, path: str) -> None:
    environ = {"HTTP_HOST": host}
    answer = app.test_client().get("/healthz", environ_overrides={**environ, "PATH_INFO": path})
    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Location" not in answer.headers
    assert host not in answer.get_data(as_text=True) or not host


@pytest.mark.parametrize(
    ("base_url", "host", "status"),
    [
        ("https://trainings.example", "trainings.example:443", 200),
        ("https://trainings.example", "trainings.example:80", 400),
        ("https://trainings.example:8443", "trainings.example:8443", 200),
        ("https://trainings.example:8443", "trainings.example", 200),  # many proxies leave it out
        ("http://[2001:db8::1]:8000", "[2001:db8::1]:8000", 200),
        ("http://[2001:db8::1]:8000", "2001:db8::1", 400),
    ],
)
def test_the_port_is_that_of_the_address(base_url: str, host: str, status: int) -> None:
    said = []

    def answer(_environ: object, start_response: object) -> list[bytes]:
        said.append(200)
        return []

    hosts = KnownHosts(answer, base_url)
    list(
        hosts(
            {"HTTP_HOST": host, "REQUEST_METHOD": "GET"}, lambda *got: said.append(int(got[0][:3]))
        )
    )  # type: ignore[arg-type,func-returns-value]
    assert said == [status]
