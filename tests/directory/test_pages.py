"""The pages of the directory, as each reader gets them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import counting, factories
from tests.asking import follow, page, send
from tests.directory import alumni
from tests.directory.alumni import entry_of
from tests.forms_in_pages import form_with
from trainings.core import clock
from trainings.core.db import db, transaction
from trainings.core.i18n import LANGUAGES
from trainings.core.permissions import Role, Viewer
from trainings.directory import contact_operations, contact_queries, operations, queries, writes
from trainings.directory.contact_rules import ContactCard
from trainings.directory.models import DirectoryContact, DirectoryEntry
from trainings.directory.rules import MOST_A_DAY, Consenting
from trainings.people import reading
from trainings.people.models import IdentityRead


@pytest.fixture
def course(app: Flask) -> str:
    return alumni.over()


@pytest.fixture
def ana(client: FlaskClient, course: str) -> Viewer:
    """Ana took part and is signed in."""
    who = alumni.alumnus(course)
    factories.sign_in(client, who)
    return who


def signed_in(app: Flask, who: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, who)
    return client


def test_from_the_question_on_the_start_page_to_being_listed(
    client: FlaskClient, ana: Viewer
) -> None:
    start = page(client, "/")
    assert "Stay in touch with whom you met" in start and 'href="/directory/consent"' in start
    welcome = page(client, "/directory")
    assert "Only people who can be found find others." in welcome and "<table" not in welcome
    asked = page(client, "/directory/consent")
    assert "checked" not in asked.split("<main")[1], "nothing is ticked before somebody ticked it"
    refused = send(client, "/directory/consent", 200, unit="Corte")
    assert "Tick this box to be listed" in refused and 'value="Corte"' in refused
    assert queries.live(ana.person_id or "") is None
    listed = follow(client, "/directory/consent", agreed="y", spoken=["es"], by_fields="y")
    assert "You are listed." in listed and "You may be shown 20 more people now." in listed
    assert "Nobody is shown, and nothing counts, before you ask." in listed
    assert "Stay in touch" not in page(client, "/")
    assert "Spanish" in page(client, "/directory/mine")


def test_found_written_to_and_answered(app: Flask, client: FlaskClient, ana: Viewer) -> None:
    operations.consent(Consenting(), ana)
    mar = alumni.listed(queries_course(ana), "PY", "prosecutor", unit="Fiscalía <3>")
    found = page(client, "/directory?country=PY&function=")
    assert "Fiscalía &lt;3&gt;" in found and "You may be shown 19 more people now." in found
    (link,) = re.findall(r'href="(/directory/people/[^"]+)"', found)
    assert name_of(mar) not in found
    writing = page(client, link)
    assert "I-24/7" in writing and "Your message" in writing
    urgent = send(client, link, 200, subject="urgent", words="Tonight")
    assert "Nothing was sent." in urgent and "Tonight</textarea>" in urgent
    wrong = send(client, link, 200, subject="law", words="ana@unit.example")
    assert "Leave out email addresses, links and phone numbers." in wrong
    contact = send(client, link, subject="law", words="¿Cómo se prueba?\n<b>Gracias</b>")
    shown = page(client, contact)
    assert "&lt;b&gt;Gracias&lt;/b&gt;" in shown and "They have three weeks to answer." in shown
    theirs = signed_in(app, mar)
    assert "Somebody wrote to you through the directory" in page(theirs, "/")
    waiting = page(theirs, contact)
    assert "Accept and answer" in waiting and name_of(ana) not in waiting
    bad = send(theirs, f"{contact}/accept", 200, reply="Gladly", mail="no address")
    assert "Gladly" in bad and "There is a problem" in bad
    send(theirs, f"{contact}/accept", reply="Gladly", shows_name="y", phone="+595 21 1")
    answered = page(client, contact)
    assert "Gladly" in answered and "+595 21 1" in answered and name_of(mar) not in answered
    assert "They agreed to show their name if you show yours." in answered
    send(client, f"{contact}/share", shows_name="y")
    assert name_of(mar) in page(client, contact) and name_of(ana) in page(theirs, contact)
    assert "Judge" in page(theirs, "/directory/mine").split('id="looks"')[1]


def test_ones_own_network_is_seen_by_the_two_of_each_line_alone(
    app: Flask, client: FlaskClient, ana: Viewer
) -> None:
    operations.consent(Consenting(), ana)
    course, own = queries_course(ana), "My network"
    mar, luz = alumni.listed(course, "PY", "prosecutor"), alumni.listed(course, "PE")
    assert own not in page(client, "/directory/contacts")
    keys = [alumni.written(ana, who) for who in (mar, luz)]
    assert own not in page(client, "/directory/contacts"), "a message is no contact yet"
    contact_operations.accept(keys[0], "Gladly", ContactCard(name=True), mar)
    drawn = page(client, "/directory/contacts").split(own)[1]
    assert drawn.split("</ol>")[0].count("<li>") == 1 and "Paraguay (PY)" in drawn
    assert name_of(mar) not in drawn, "Mar agreed to it, Ana has not"
    contact_operations.accept(keys[1], "Gladly", ContactCard(), luz)
    contact_operations.share(keys[0], ContactCard(name=True), ana)
    before = reads()
    drawn = page(client, "/directory/contacts").split(own)[1]
    assert drawn.index("Paraguay (PY)") < drawn.index("Peru (PE)")
    assert [drawn.count(name_of(who)) for who in (mar, luz)] == [2, 0], "drawn, and in the list"
    assert reads() == sorted([*before, [mar.person_id]]), (
        "one read, of the one name that was opened"
    )
    theirs = page(signed_in(app, luz), "/directory/contacts").split(own)[1]
    assert theirs.split("</ol>")[0].count("<li>") == 1, "Luz sees her line to Ana, not Mar's"
    assert name_of(ana) not in theirs and "Paraguay" not in theirs
    contact_operations.end(keys[0], mar)
    left = page(client, "/directory/contacts").split(own)[1]
    assert left.split("</ol>")[0].count("<li>") == 1 and name_of(mar) not in left


def reads() -> list[list[str]]:
    db.session.close()
    found = select(IdentityRead.persons).where(IdentityRead.purpose == "directory contact")
    return sorted(db.session.scalars(found))


def test_many_contacts_cost_no_more_statements_and_go_on_over_pages(
    client: FlaskClient, ana: Viewer, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_queries, "A_PAGE", 2)
    monkeypatch.setattr(contact_queries, "DRAWN", 2)
    operations.consent(Consenting(), ana)

    def accepted(country: str) -> None:
        who = alumni.listed(course, country)
        key = alumni.written(ana, who)
        contact_operations.accept(key, "Gladly", ContactCard(name=True), who)
        contact_operations.share(key, ContactCard(name=True), ana)
        db.session.close()

    accepted("PY")
    page(client, "/directory/contacts")
    with counting.statements() as one:
        page(client, "/directory/contacts")
    for country in ("PE", "BR"):
        accepted(country)
    page(client, "/directory/contacts")
    with counting.statements() as three:
        shown = page(client, "/directory/contacts")
    assert len(three) == len(one)
    assert shown.count('data-label="Status"') == 2 and 'rel="next"' in shown
    assert "shows the 2 contacts that were accepted last" in shown
    assert page(client, "/directory/contacts?page=2").count('data-label="Status"') == 1


def queries_course(who: Viewer) -> str:
    was = queries.attended(who.person_id or "")
    assert was is not None
    return was.courses[0]


def name_of(who: Viewer) -> str:
    return reading.opened([who.person_id or ""])[who.person_id or ""].name


def test_after_twenty_only_those_are_shown(client: FlaskClient, ana: Viewer, course: str) -> None:
    operations.consent(Consenting(), ana)
    alumni.many(course, MOST_A_DAY + 5)
    shown: set[str] = set()
    path = "/directory?country=PY"
    for _ in range(MOST_A_DAY // 5):
        text = page(client, path)
        shown |= set(re.findall(r'href="/directory/people/([^"]+)"', text))
        more = re.findall(r'href="(/directory\?[^"]*after=[^"]+)"', text)
        path = more[0].replace("&amp;", "&") if more else "/directory?country=PY"
    assert len(shown) == MOST_A_DAY and not more
    text = page(client, "/directory?country=BR")
    assert set(re.findall(r'href="/directory/people/([^"]+)"', text)) == shown
    assert "Nobody new is shown for now." in text and "within 24 hours" in text
    other = db.session.scalars(
        select(DirectoryEntry.id).where(DirectoryEntry.id.not_in({*shown, entry_of(ana)}))
    ).first()
    assert client.get(f"/directory/people/{other}").status_code == 404


def test_withdrawn_and_renewed_by_one_click(client: FlaskClient, ana: Viewer) -> None:
    operations.consent(Consenting(), ana)
    before = db.session.get_one(DirectoryEntry, entry_of(ana)).alias
    assert before in page(client, "/directory/mine")
    renewed = follow(client, "/directory/renew")
    assert "Renewed for a year" in renewed and before not in renewed
    gone = follow(client, "/directory/withdraw")
    assert "Withdrawn: nobody finds you any more" in gone and "You are not listed" in gone
    assert "Only people who can be found here find others." in follow(client, "/directory/renew")


def test_a_proposal_that_waits_is_shown_and_moderated(
    app: Flask, client: FlaskClient, ana: Viewer
) -> None:
    assert "Enter the field in a few words." in send(client, "/directory/propose", 200)
    assert "Pesca" in follow(client, "/directory/propose", proposed="Pesca")
    keeper = signed_in(app, factories.account(Role.ORGANISER, agency="IOM"))
    listed = page(keeper, "/directory/fields")
    (path,) = re.findall(r'href="(/directory/fields/[^/"]+)"', listed)
    assert "Pesca" in listed and name_of(ana) not in listed
    send(keeper, path, **form_with(page(keeper, path), "title_en") | {"title_es": "Pesca ilegal"})
    assert "Pesca ilegal" in page(client, "/directory/consent")
    asked = page(keeper, f"{path}/remove")
    assert "nobody is found by it" in asked
    send(keeper, f"{path}/remove")
    assert "Pesca ilegal" not in page(client, "/directory/consent")


def test_an_organiser_opens_a_programme_of_their_agency_only(app: Flask) -> None:
    alumni.programme("ours")
    alumni.programme("theirs", "UNODC")
    keeper = signed_in(app, factories.account(Role.ORGANISER, agency="IOM"))
    text = page(keeper, "/directory/fields")
    assert "Ours" in text and "Theirs" not in text
    assert "may find those who agreed" in follow(keeper, "/directory/programmes/ours/open")
    assert "find nobody" in follow(keeper, "/directory/programmes/ours/shut")
    refused = follow(keeper, "/directory/programmes/theirs/open")
    assert "UNODC" in refused and "It holds from now on" not in refused


def test_small_numbers_are_not_told(app: Flask) -> None:
    analyst = signed_in(app, factories.account(Role.ANALYST))
    assert "No message crossed a border yet" in page(analyst, "/directory/numbers")
    with transaction() as session:
        for destination, times in (("PY", 5), ("PE", 4)):
            for _ in range(times):
                writes.count_carried(session, "BO", destination)
    text = page(analyst, "/directory/numbers")
    assert re.findall(r">(5|4|&lt; 5)<", text) == ["5", "&lt; 5"]


def test_the_officer_reads_a_report_and_each_look_is_logged(app: Flask, course: str) -> None:
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    key = alumni.written(ana, luz, "Who was the victim?")
    theirs = signed_in(app, luz)
    asked = page(theirs, f"/directory/contacts/{key}/report")
    assert "The contact ends at once." in asked
    assert "was reported" in follow(theirs, f"/directory/contacts/{key}/report", words="Asks names")
    person = factories.account(Role.DATA_PROTECTION)
    officer = signed_in(app, person)
    text = page(officer, "/directory/reports")
    for said in (name_of(ana), name_of(luz), "Asks names", "Who was the victim?"):
        assert said in text
    db.session.close()
    reads = db.session.scalars(select(IdentityRead).where(IdentityRead.by == person.account_id))
    assert [one.purpose for one in reads] == ["directory report"]
    assert "Kept out after a report" in follow(officer, f"/directory/reports/{key}/bar")
    assert "You are not shown in the directory" in page(signed_in(app, ana), "/directory")
    wrong = send(officer, "/directory/protected", 200, number="R-NOBODY")
    assert "No registration has this number." in wrong


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_in_every_language(app: Flask, course: str, code: str) -> None:
    ana, luz = alumni.listed(course), alumni.listed(course, "PY", by_fields=True, words=("gn",))
    key = alumni.written(ana, luz)
    contact_operations.accept(key, "Sí", queries_card(), luz)
    ready = signed_in(app, ana)
    ready.post("/language", data={"language": code})
    for path in ("", "?country=PY", "/mine", "/consent", "/contacts", f"/contacts/{key}"):
        text = page(ready, f"/directory{path}")
        assert f'lang="{code.replace("_", "-")}"' in text and "%(" not in text


def queries_card() -> contact_operations.ContactCard:
    return contact_operations.ContactCard(name=True, unit="Corte")


def test_a_list_takes_as_many_statements_however_many_there_are(
    client: FlaskClient, ana: Viewer, course: str, statements: list[str]
) -> None:
    operations.consent(Consenting(), ana)
    taken = []
    for more in (2, 3):
        alumni.many(course, more)
        db.session.remove()
        statements.clear()
        page(client, "/directory?country=PY")
        taken.append(len([one for one in statements if one.startswith("SELECT")]))
    # 24: the session, the reader's entry and reach, whom they saw, the lists to choose from
    assert taken[1] <= taken[0] and taken[0] <= 24, taken


def test_own_contacts_take_as_many_statements(
    client: FlaskClient, ana: Viewer, course: str, statements: list[str]
) -> None:
    operations.consent(Consenting(), ana)
    taken = []
    for country in ("PY", "PE"):
        alumni.written(ana, alumni.listed(course, country))
        page(client, "/directory/contacts")
        db.session.remove()
        statements.clear()
        page(client, "/directory/contacts")
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_somebody_elses_contact_is_as_if_it_were_not(app: Flask, course: str) -> None:
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    key = alumni.written(ana, luz)
    other = signed_in(app, alumni.listed(course, "PE"))
    for path in (f"/directory/contacts/{key}", f"/directory/contacts/{key}/report"):
        assert other.get(path).data == other.get("/nowhere").data
    for act in ("accept", "decline", "end", "share", "report"):
        assert other.post(f"/directory/contacts/{key}/{act}").status_code == 404
    db.session.close()
    assert db.session.get_one(DirectoryContact, key).answered_at is None


def test_a_text_that_was_erased_says_so(app: Flask, course: str) -> None:
    ana, luz = alumni.listed(course), alumni.listed(course, "PY")
    key = alumni.written(ana, luz)
    contact_operations.accept(key, "", queries_card(), luz)
    with clock.shifted(timedelta(days=91)):
        contact_operations.tidy()
        assert "The text was erased after 90 days." in page(
            signed_in(app, ana), f"/directory/contacts/{key}"
        )
