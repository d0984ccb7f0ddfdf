"""A first look at every page."""
from flask.testing import FlaskClient

from tests import factories as f
from trainings.core.permissions import Role


def test_pages(client: FlaskClient, statements: list[str]) -> None:
    cid = f.course()
    org = f.account(Role.ORGANISER, agency="IOM")
    f.sign_in(client, org)
    for url in ("/courses", "/courses/BUE27", "/courses/BUE27/desk", "/programmes", "/modules", "/rooms", "/modules/new", "/programmes/new", "/rooms/new"):
        statements.clear()
        r = client.get(url)
        print(url, r.status_code, len(statements))
        assert r.status_code == 200, url
    t = f.account(Role.TRAINER, course_id=cid)
    c2 = client.application.test_client()
    f.sign_in(c2, t)
    r = c2.get("/courses/BUE27/desk"); print(r.status_code)
    assert r.status_code == 200
    assert c2.get("/programmes").status_code == 404
