"""The directory in a browser: in Spanish from the consent to the answer, and at every width."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browsing import HOUSE, barriers, faults_in_sight, serve
from tests.directory import alumni
from trainings.core.db import db
from trainings.core.permissions import Role
from trainings.directory import contact_operations, operations

pytestmark = pytest.mark.browser


def test_nothing_sticks_out_and_axe_is_content(app: Flask, page: Page) -> None:
    course = alumni.over()
    ana = alumni.listed(course, by_fields=True, words=("es", "gn"))
    luz = alumni.listed(course, "PY", "prosecutor", unit="Fiscalía " + "x" * 60)
    alumni.listed(course, "PE")
    key = alumni.written(ana, luz, "Ñ" * 300)
    operations.propose("Pesca", ana)
    client = app.test_client()
    factories.sign_in(client, luz)
    serve(client, page)
    wrong = []
    paths = ["", "?country=PE", "/mine", "/consent", "/contacts"]
    paths += [f"/contacts/{key}", f"/contacts/{key}/report"]
    for path in paths:
        page.goto(f"{HOUSE}/directory{path}")
        wrong += [(path, one) for one in faults_in_sight(page, (360, 1280))]
    assert wrong == []


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.DATA_PROTECTION, Role.ANALYST])
def test_the_pages_of_staff(app: Flask, page: Page, role: Role) -> None:
    course = alumni.over(programme_id=alumni.programme())
    ana, luz = alumni.listed(course), alumni.listed(course, "PY", "prosecutor")
    key = alumni.written(ana, luz)
    contact_operations.report(key, "Grob " * 60, luz)
    operations.propose("Pesca", ana)
    client = app.test_client()
    agency = "IOM" if role is Role.ORGANISER else None
    factories.sign_in(client, factories.account(role, agency=agency))
    serve(client, page)
    page.set_viewport_size({"width": 390, "height": 800})
    path = {"organiser": "fields", "data_protection": "reports", "analyst": "numbers"}[role]
    page.goto(f"{HOUSE}/directory/{path}")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_prosecutor_consents_finds_a_judge_in_paraguay_writes_and_is_answered(
    app: Flask, page: Page, browser: Browser
) -> None:
    """As somebody new would, in Spanish, without script and by keyboard where that is enough."""
    course = alumni.over()
    mine, theirs = app.test_client(), app.test_client()
    factories.sign_in(mine, alumni.alumnus(course, "BO", "prosecutor"))
    judge = alumni.listed(course, "PY", "judge")
    factories.sign_in(theirs, judge)
    for client in (mine, theirs):
        client.post("/language", data={"language": "es"})
    serve(mine, page)
    page.goto(f"{HOUSE}/")
    page.get_by_role("link", name="Elegir qué se muestra de mí").click()
    page.get_by_label("Quienes hicieron cursos de mis programas").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Aceptar y figurar").press("Enter")
    expect(page.get_by_text("Ahora se le pueden mostrar 20 personas más.")).to_be_visible()
    page.get_by_label("País").select_option("PY")
    page.get_by_label("Función").select_option("judge")
    page.get_by_role("button", name="Buscar personas").press("Enter")
    page.get_by_role("link", name="Escribir").press("Enter")
    page.get_by_label("Una pregunta sobre la ley").check()
    page.get_by_label("Su mensaje").fill("¿Cómo se prueba la explotación? Mba'éichapa")
    page.get_by_role("button", name="Transmitir").press("Enter")
    expect(page.get_by_text("Transmitimos su mensaje.")).to_be_visible()
    db.session.remove()
    (mail,) = factories.mails("directory_written")
    (contact,) = re.findall(r"/directory/contacts/\S+", mail.body)
    address = f"{HOUSE}{contact}"
    without = browser.new_context(java_script_enabled=False)
    other = without.new_page()
    serve(theirs, other)
    other.goto(address)
    expect(other.get_by_text("Mba'éichapa")).to_be_visible()
    other.get_by_label("Su respuesta").fill("Con gusto.")
    other.get_by_label("Teléfono").fill("+595 21 555 0100")
    other.get_by_role("button", name="Aceptar").click()
    expect(other.get_by_text("La otra persona ve lo que usted marcó y completó.")).to_be_visible()
    without.close()
    page.goto(address)
    expect(page.get_by_text("Con gusto.")).to_be_visible()
    expect(page.get_by_text("+595 21 555 0100")).to_be_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Terminar este contacto").is_visible()
