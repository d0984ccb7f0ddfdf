"""The register in the browser's hands: read, searched, compared, changed and confirmed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from tests import counting, factories
from tests.forms_in_pages import form_with
from tests.legislation import keeping
from tests.legislation.keeping import OFFENCE, PLACE, answer
from trainings.core.db import db
from trainings.core.i18n import countries
from trainings.core.permissions import Viewer
from trainings.legislation import operations, queries
from trainings.legislation.import_rules import COLUMNS, Row
from trainings.legislation.rules import LawText, Mark
from trainings.legislation.topic_rules import DATA, TOPICS

LAWS = "/legislation"
ENTRY = f"{LAWS}/BO/offence"
NINE = ("AR", "BO", "BR", "CL", "CO", "EC", "PE", "PY", "UY")


@pytest.fixture(autouse=True)
def register(app: Flask) -> None:
    """Entries of three countries."""
    keeping.enter(
        (*PLACE, OFFENCE),
        ("AR", "means_required", answer("No. Means only aggravate.", note="Sources disagree.")),
        ("BO", "means_required", answer("Yes: means are required.")),
        ("BR", "means_required", answer("Yes, means are required.")),
        ("AR", "penalty_basic", answer("Prison, 4 to 8 years.", year=2012)),
        ("AR", "palermo", answer("Ratified: 19 November 2002.", year=2002)),
        ("EC", "limitation", LawText(note="Looked in the code; found nothing.")),
    )


def client_of(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, viewer)
    return client


def test_visitors_are_asked_to_sign_in_unless_the_installation_is_open(app: Flask) -> None:
    visitor = app.test_client()
    menu = f'<a href="{LAWS}">Laws</a>'
    assert menu not in visitor.get("/courses").text
    assert visitor.get(ENTRY).location == "/sign-in?next=/legislation/BO/offence"
    app.extensions["settings"] = replace(app.extensions["settings"], laws_public=True)
    page = visitor.get(ENTRY).text
    assert menu in visitor.get("/sign-in").text
    assert "Criminal Code, art. 281 bis." in page and "Change entry" not in page
    for path in ("", "/BO", "/compare?countries=AR,BO", "/topics/palermo", "/laws.csv"):
        assert visitor.get(LAWS + path).status_code == 200, path
    assert visitor.get(f"{ENTRY}/edit").status_code == 303


def test_a_participant_reads_and_changes_nothing(app: Flask) -> None:
    client = client_of(app, factories.account())
    assert "Change entry" not in client.get(ENTRY).text
    assert client.get(f"{ENTRY}/edit").status_code == 404


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    client = client_of(app, keeping.organiser())
    for path in ("/ZZ", "/ZZ/offence", "/BO/weather", "/topics/weather", "/bo"):
        assert client.get(LAWS + path).status_code == 404, path


def test_corrected_by_one_and_confirmed_by_another(app: Flask) -> None:
    first, second = keeping.focal_point(), keeping.correspondent()
    client = client_of(app, first)
    page = client.get(f"{ENTRY}/edit").text
    assert 'value="281 bis"' in page
    typed = {
        "said_en": "Criminal Code, art. 281 ter.",
        "said_fr": "Code pénal, art. 281 ter.",
        "article": "281 ter",
        "year": "2013",
        "source_url": "javascript:alert(1)",
    }
    assert "begins with http:// or https://." in client.post(f"{ENTRY}/edit", data=typed).text
    typed["source_url"] = "https://gazette.example/264"
    assert client.post(f"{ENTRY}/edit", data=typed).status_code == 303
    page = client.get(ENTRY).text
    assert "You made this change." in page and "Confirm this change" not in page
    assert "<del>281 bis</del>" in page and "<ins>281 ter</ins>" in page
    waiting = keeping.entry().proposed
    assert waiting is not None
    confirm = f"{ENTRY}/{waiting.id}/confirm"
    refused = client.post(confirm, follow_redirects=True).text
    assert "A second person of the country, or an organiser, confirms it." in refused
    reader = client_of(app, factories.account())
    assert "waits to be confirmed" in reader.get(ENTRY).text
    assert "281 ter" not in reader.get(ENTRY).text, "what waits is not shown to readers"
    other = client_of(app, second)
    assert "Confirm this change" in other.get(ENTRY).text
    assert "Confirmed." in other.post(confirm, follow_redirects=True).text
    page = reader.get(ENTRY).text
    assert "281 ter" in page and "2 versions" in page and "<del>281 bis</del>" in page
    assert "Legal correspondent, Bolivia" in page, "as what, never who"
    assert keeping.entry().mark is Mark.CONFIRMED


def test_an_answer_in_another_language_says_in_which(app: Flask) -> None:
    key = operations.propose(PLACE, LawText(said={"es": "Código Penal."}), keeping.focal_point())
    operations.confirm(PLACE, key, keeping.organiser())
    client = client_of(app, factories.account())
    assert '<p class="law-said" lang="es">Código Penal.</p>' in client.get(ENTRY).text


def test_texts_of_any_kind_are_shown_as_texts(app: Flask) -> None:
    odd = answer("<script>alert(1)</script> ‏القانون 法", note="{{ 7 * 7 }}")
    keeping.enter(("BO", "consent", odd))
    page = client_of(app, factories.account()).get(f"{LAWS}/BO/consent").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "{{ 7 * 7 }}" in page


def test_an_empty_answer_reads_not_found_and_never_no(app: Flask) -> None:
    client = client_of(app, factories.account())
    page = client.get(f"{LAWS}/EC/limitation").text
    assert "Not found" in page and "Looked in the code; found nothing." in page
    assert "Not found" in client.get(f"{LAWS}/CL/offence").text


def test_search_finds_words_in_any_language(app: Flask) -> None:
    client = client_of(app, factories.account())
    page = client.get(f"{LAWS}?q=codigo+281").text
    assert "One entry found" in page and "Bolivia · Offence" in page
    assert "No entry has all of these words." in client.get(f"{LAWS}?q=weather").text


def test_countries_are_filtered_by_how_far_they_are_confirmed(app: Flask) -> None:
    operations.confirm(PLACE, keeping.current_id(), keeping.focal_point())
    client = client_of(app, factories.account())
    page = client.get(f"{LAWS}?mark=confirmed").text
    assert f'href="{LAWS}/BO"' in page and f'href="{LAWS}/BR"' not in page


def test_side_by_side_with_what_differs(app: Flask) -> None:
    client = client_of(app, factories.account())
    page = client.get(f"{LAWS}/compare?countries=AR,BO,BR&topics=means_required&base=BO").text
    assert page.count('class="law-card') == 3
    assert page.count("Differs from most") == 1
    assert 'id="means_required-AR"' in page and 'href="#means_required-BO"' in page
    assert "<mark>No</mark>" in page
    assert page.count('<section class="law-compared"') == 1
    assert "Offence" in client.get(f"{LAWS}/compare?countries=AR,BO").text, "all topics"


def test_fewer_than_two_or_more_than_nine(app: Flask) -> None:
    keeping.enter(*((code, "offence", OFFENCE) for code in (*NINE, "VE")))
    client = client_of(app, factories.account())
    assert "Choose at least two countries" in client.get(f"{LAWS}/compare?countries=AR").text
    assert "Choose at least two countries" in client.get(f"{LAWS}/compare").text
    page = client.get(f"{LAWS}/compare?countries={','.join((*NINE, 'VE'))}&topics=offence").text
    assert "Left out: Venezuela" in page and page.count('class="law-card') == 9


def test_nine_countries_cost_no_more_statements_than_two(app: Flask) -> None:
    keeping.enter(*((code, one.code, OFFENCE) for code in NINE for one in TOPICS))
    client = client_of(app, factories.account())

    def cost(path: str) -> int:
        db.session.close()
        with counting.statements() as sent:
            assert client.get(LAWS + path).status_code == 200
        return len([one for one in sent if "web_session" not in one])

    assert cost(f"/compare?countries={','.join(NINE)}") <= 4
    assert cost("/compare?countries=AR,BO") == cost(f"/compare?countries={','.join(NINE)}")
    assert cost("") <= 3 and cost("/BO") <= 3 and cost(f"/{'/'.join(PLACE)}") <= 4


def test_two_hundred_countries_are_shown_a_page_at_a_time(app: Flask) -> None:
    codes = [code for code, _name in countries()][:200]
    rows = [Row(2, code, one.code, OFFENCE) for code in codes for one in TOPICS]
    operations.enter(rows, None)
    db.session.close()
    client = client_of(app, factories.account())
    page = client.get(LAWS).text
    assert page.count('<th scope="row">') == 40
    assert f'href="{LAWS}/AF"' in page and f'href="{LAWS}?page=5"' in page
    assert client.get(f"{LAWS}?page=99").status_code == 200
    assert "100 entries found" in client.get(f"{LAWS}?q=criminal").text


def test_terms_are_drawn_with_their_table(app: Flask) -> None:
    page = client_of(app, factories.account()).get(f"{LAWS}/topics/penalty_basic").text
    assert '<rect class="law-usual" x="40.0%" y="0" width="40.0%"' in page
    assert "4–8 years" in page and "style=" not in page.split("<main")[1]


def test_years_are_drawn_with_their_table(app: Flask) -> None:
    page = client_of(app, factories.account()).get(f"{LAWS}/topics/palermo").text
    assert '<circle class="law-usual" cx=' in page and "Ratified: 19 November 2002." in page
    page = client_of(app, factories.account()).get(f"{LAWS}/topics/palermo?countries=CL").text
    assert "Nobody has entered any laws yet." in page


def _list(text: str) -> dict[str, tuple[io.BytesIO, str]]:
    return {"file": (io.BytesIO(text.encode()), "laws.csv")}


def test_a_list_is_looked_at_then_entered(app: Flask) -> None:
    client = client_of(app, keeping.focal_point())
    text = (
        "country,topic,value_en,source_url,note\n"
        "BO,consent,Irrelevant.,https://gazette.example,'=1+1\n"
        "BO,weather,Rain.,,\n"
        "PE,consent,Irrelevant.,,\n"
        "BO,forms,All.,javascript:x,\n"
        "BO,consent,Again.,,\n"
        "Nowhere,consent,No.,,\n"
        "BO,residence,,,\n"
    )
    page = client.post(f"{LAWS}/import", data=_list(text)).text
    assert "One entry would be saved." in page and "5 rows are left out" in page
    for said in (
        "Row 3: There is no such topic: weather",
        "Row 4: You do not keep the entries of this country.",
        "Row 5: Enter a web address",
        "Row 6: The same country and topic are in row 2.",
        "Row 7: There is no such country: Nowhere",
    ):
        assert said in page, said
    assert keeping.entry(("BO", "consent")).current is None, "nothing is entered yet"
    assert client.post(f"{LAWS}/import/rows", data=form_with(page, "cells")).status_code == 303
    found = keeping.entry(("BO", "consent")).current
    assert found is not None and found.text.note == "=1+1" and found.by is not None
    again = client.post(f"{LAWS}/import", data=_list(text)).text
    assert "There is nothing to save" in again


def test_altered_rows_of_a_list_are_refused(app: Flask) -> None:
    client = client_of(app, keeping.focal_point())
    for cells in ("", "[]x", '[{"number": 1}]', '[{"number":1,"country":"PE"}]'):
        answered = client.post(f"{LAWS}/import/rows", data={"cells": cells}, follow_redirects=True)
        assert "We found no list of laws in this file." in answered.text
    other = (
        '[{"number":2,"country":"PE","topic":"consent","text":'
        '{"said":{"en":"X"},"source_url":"https://x.example"}}]'
    )
    assert client.post(f"{LAWS}/import/rows", data={"cells": other}).status_code == 404
    scripted = other.replace("https://x.example", "javascript:x").replace("PE", "BO")
    client.post(f"{LAWS}/import/rows", data={"cells": scripted})
    assert keeping.entry(("BO", "consent")).current is None


def test_what_is_no_list_of_laws_is_refused(app: Flask) -> None:
    client = client_of(app, keeping.organiser())
    page = client.post(f"{LAWS}/import", data=_list("name,mail\nAna,a@b.example\n")).text
    assert "We found no list of laws in this file." in page
    assert "Choose a file." in client.post(f"{LAWS}/import", data={}).text


def test_from_the_command_line_and_out_again(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    with (DATA / "laws.csv").open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    dry = runner.invoke(args=["legislation", "import", str(DATA / "laws.csv"), "--dry-run"])
    assert '"would_enter": 126' in dry.output
    assert len(queries.register().entries) == 7, "the dry run wrote nothing"
    done = runner.invoke(args=["legislation", "import", str(DATA / "laws.csv")])
    assert '"entered": 126' in done.output and '"ask": []' in done.output
    for name in ("out.csv", "out.xlsx"):
        out = tmp_path / name
        assert runner.invoke(args=["legislation", "export", "--to", str(out)]).exit_code == 0
        again = runner.invoke(args=["legislation", "import", str(out)])
        assert '"entered": 0' in again.output and '"there_already": 126' in again.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        taken = list(csv.DictReader(file))
    assert tuple(taken[0]) == COLUMNS
    assert sorted(map(str, taken)) == sorted(map(str, given))
    wrong = runner.invoke(args=["legislation", "export", "--to", str(tmp_path / "out.pdf")])
    assert wrong.exit_code == 1
    broken = tmp_path / "broken.csv"
    broken.write_text("name\nAna\n", encoding="utf-8")
    assert runner.invoke(args=["legislation", "import", str(broken)]).exit_code == 1


def test_the_file_of_the_register_has_no_formulas(app: Flask) -> None:
    keeping.enter(("BO", "consent", answer("=HYPERLINK(1)")))
    client = client_of(app, factories.account())
    assert "'=HYPERLINK(1)" in client.get(f"{LAWS}/laws.csv").text
    assert client.get(f"{LAWS}/laws.xlsx").data[:2] == b"PK"


def test_the_start_page_says_what_waits_for_who_keeps_the_laws(app: Flask) -> None:
    first, second = keeping.focal_point(), keeping.correspondent()
    operations.propose(PLACE, answer("Better said."), first)
    for viewer, waits in ((first, False), (second, True)):
        page = client_of(app, viewer).get("/").text
        assert "The laws of Bolivia" in page and "Entries to be confirmed" in page
        assert ("Changes that wait for you to confirm them" in page) is waits
    assert "The laws of" not in client_of(app, keeping.organiser()).get("/").text
    assert "The laws of" not in client_of(app, keeping.focal_point("PE")).get("/").text


def test_an_organiser_adds_a_topic_and_rewords_it(app: Flask) -> None:
    client, new = client_of(app, keeping.organiser()), f"{LAWS}/topics/new"
    typed = {"code": "seizure", "title_en": "Seizure", "question_es": "¿Se decomisa?"}
    assert "Enter a code." in client.post(new, data={**typed, "code": ""}).text
    for odd in ("Seizure", "new", "a b", "x/y", "s"):
        assert "Use small letters" in client.post(new, data={**typed, "code": odd}).text, odd
    taken = client.post(new, data={**typed, "code": "offence"}).text
    assert "There is already a topic with this code." in taken
    assert "Enter the question" in client.post(new, data={**typed, "question_es": ""}).text
    assert client.post(new, data=typed).status_code == 303
    assert queries.topics()[-1].code == "seizure"
    edit = f"{LAWS}/topics/seizure/edit"
    assert client.post(edit, data={**typed, "title_en": "Seizing assets"}).status_code == 303
    assert "Seizing assets" in client.get(f"{LAWS}/topics/seizure").text
    focal = client_of(app, keeping.focal_point())
    for path in (new, edit):
        assert focal.get(path).status_code == 404
        assert focal.post(path, data=typed).status_code == 404
