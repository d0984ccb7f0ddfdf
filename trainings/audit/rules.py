"""What an entry of the trail says, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from trainings.core.i18n import LazyText, _l, _lp

LATE = timedelta(hours=1)  # so long after the last check, its notice says that it is late
WHOLE_EVERY = timedelta(days=1)  # all of the trail is checked once more


class Fault(StrEnum):
    """What can be wrong with the trail; a number is that of the entry."""

    MISSING = "missing"
    CHANGED = "changed"
    OTHER = "other"
    LAST = "last"
    CUT = "cut"
    NOTE = "note"


_FAULTS: Mapping[Fault, LazyText] = {
    Fault.MISSING: _l("Entry %(number)s is missing."),
    Fault.CHANGED: _l("Entry %(number)s was changed, or the one before it."),
    Fault.OTHER: _l("Entry %(number)s is not the one that was noted outside the database."),
    Fault.LAST: _l("The last entry is not the one that the database notes as the last."),
    Fault.CUT: _l(
        "The trail was cut: entry %(number)s was noted outside the database and is gone."
    ),
    Fault.NOTE: _l("The note of how far the trail was checked was changed by others."),
}


def fault_words(found: str) -> str:
    """A fault, noted as its kind and the number of the entry, in one sentence."""
    kind, _space, number = found.partition(" ")
    return str(_FAULTS[Fault(kind)]) % {"number": number}


class TrailStanding(Struct, frozen=True):
    """What is known of the trail without reading it: when it was checked, and what was found."""

    number: int  # up to which entry
    at: datetime | None
    whole_at: datetime | None
    fault: str  # in words; empty where none was found

    def late(self, now: datetime) -> bool:
        """Whether nobody has checked it for so long that somebody should look why."""
        return self.at is not None and now - self.at > LATE


ACTS: Mapping[str, LazyText] = {
    "account.disable": _l("Account switched off"),
    "account.enable": _l("Account switched on"),
    "account.invite": _l("Invited to work here"),
    "agency.add": _l("Agency added"),
    "agency.change": _l("Agency changed"),
    "agency.mark": _l("Logo changed"),
    "agenda.publish": _l("Agenda published"),
    "agreement.agree": _l("Agency agreed to organise a course"),
    "agreement.ask": _l("Agency asked to organise a course or to sign for it"),
    "agreement.decline": _l("Agency declined to organise a course"),
    "agreement.not_sign": _l("Signatory of an agency removed by the agency"),
    "agreement.sign": _l("Agency agreed to a signatory"),
    "agreement.take_back": _l("Agency took its agreement back"),
    "answer.chase": _l("Reminded of questions of a course"),
    "answer.clear": _l("Answers erased at their date"),
    "answer.file": _l("File sent as an answer"),
    "answer.file_back": _l("File of an answer removed"),
    "answer.give": _l("Questions of a course answered"),
    "attendance.mark": _l("Attendance marked"),
    "attendance.mark_rest": _l("Everyone else marked present"),
    "attendance.take_back": _l("Attendance marks undone"),
    "calendar.link": _l("Link to own calendar made"),
    "calendar.stop": _l("Link to own calendar switched off"),
    "agenda.propose": _l("Timetable proposal asked for"),
    "availability.add": _l("Availability entered"),
    "availability.calendar": _l("Calendar read"),
    "availability.forget": _l("Calendar forgotten"),
    "availability.remove": _l("Availability removed"),
    "certificate.erase": _l("Certificate separated from the person"),
    "certificate.export": _l("Certificates downloaded"),
    "certificate.issue": _l("Certificate issued"),
    "certificate.look": _l("Certificate design changed"),
    "certificate.print": _l("Certificates printed"),
    "certificate.render_again": _l("Certificate files made again"),
    "certificate.revoke": _l("Certificate revoked"),
    "certificate.supersede": _l("Certificate replaced by a corrected one"),
    "course.cancel": _l("Course cancelled"),
    "course.change": _l("Course settings changed"),
    "course.close_registration": _l("Registration closed"),
    "course.complete": _l("Course completed"),
    "course.create": _l("Course created"),
    "course.publish": _l("Course published"),
    "course.reopen": _l("Course reopened"),
    "course.reopen_registration": _l("Registration reopened"),
    "course.start": _l("Course started"),
    "demo.load": _l("Demo loaded"),
    "directory.accept": _l("First message of the directory accepted"),
    "directory.bar": _l("Kept out of the directory after a report"),
    "directory.consent": _l("Agreed to be found in the directory"),
    "directory.decline": _l("First message of the directory declined"),
    "directory.end": _l("Consent to the directory ended with its year"),
    "directory.end_contact": _l("Contact of the directory ended"),
    "directory.field": _l("Field of the directory's list saved"),
    "directory.field_drop": _l("Field of the directory left out"),
    "directory.let_in": _l("Kept out of the directory no longer"),
    "directory.open": _l("Programme opened to alumni of others"),
    "directory.propose": _l("Field of the directory proposed"),
    "directory.protect": _l("Protected from the directory"),
    "directory.renew": _l("Consent to the directory renewed"),
    "directory.report": _l("Contact of the directory reported"),
    "directory.report_close": _l("Report about the directory decided"),
    "directory.share": _l("What a contact of the directory sees changed"),
    "directory.shut": _l("Programme closed to alumni of others"),
    "directory.silent": _l("First message of the directory without an answer"),
    "directory.withdraw": _l("Consent to the directory withdrawn"),
    "directory.write": _l("First message of the directory relayed"),
    "evaluation.give": _l("Evaluation sent"),
    "function.add": _l("Function added"),
    "function.change": _l("Function changed"),
    "grant.end": _l("Role removed"),
    "grant.give": _l("Role given"),
    "law.ask": _l("Countries asked to check their entries in the register of laws"),
    "law.check": _l("Entry of the register of laws found still right"),
    "law.confirm": _l("Entry of the register of laws confirmed"),
    "law.drop": _l("Change of the register of laws not taken"),
    "law.freeze": _l("Comparison of laws frozen for a course"),
    "law.import": _l("List of laws entered"),
    "law.name": _l("Legal correspondent named"),
    "law.propose": _l("Change of the register of laws entered"),
    "law.topic": _l("Topic of the register of laws saved"),
    "law.unname": _l("Legal correspondent removed"),
    "link.make": _l("Sign-in link made"),
    "mail.again": _l("Email sent again"),
    "mail.cancel": _l("Email cancelled"),
    "mail.edit": _l("Text of one email changed"),
    "mail.hold": _l("Emails put on hold"),
    "mail.release": _l("Emails on hold sent"),
    "mail.text": _l("Text of a course's email changed"),
    "mail.text_back": _l("Standard text of an email restored"),
    "mailing.stop": _l("Emails that were still to be written stopped"),
    "message.drop": _l("Message that waited deleted"),
    "message.keep": _l("Message left to a second organiser"),
    "list.approve": _l("List with names approved"),
    "list.ask": _l("List with names asked for"),
    "list.make": _l("File of a list made"),
    "list.refuse": _l("List with names refused"),
    "list.take": _l("List taken out"),
    "material.add": _l("File added to the materials"),
    "material.change": _l("File of the materials changed"),
    "material.remove": _l("File of the materials removed"),
    "material.replace": _l("File of the materials replaced"),
    "module.add": _l("Module added"),
    "module.change": _l("Module changed"),
    "module.copy": _l("Module copied"),
    "module.remove": _l("Module removed"),
    "network.answer": _l("Working contacts answered"),
    "network.close": _l("Wave of working contacts closed and counted"),
    "network.plan": _l("Days set on which working contacts are asked about"),
    "network.remind": _l("Reminded of working contacts"),
    "network.send": _l("Asked about working contacts"),
    "paper.print": _l("Papers printed"),
    "password.set": _l("Password set"),
    "person.erase": _l("Person erased"),
    "profile.change": _l("Profile changed"),
    "programme.add": _l("Programme added"),
    "programme.change": _l("Programme changed"),
    "programme.copy": _l("Programme copied"),
    "programme.lesson": _l("Lesson saved"),
    "programme.lesson_left": _l("Lesson left open by a course"),
    "programme.lesson_owner": _l("Owner of a lesson changed"),
    "programme.lesson_remove": _l("Lesson removed"),
    "programme.lesson_state": _l("Status of a lesson changed"),
    "programme.phase": _l("Phase saved"),
    "programme.phase_remove": _l("Phase removed"),
    "question.add": _l("Question added to a course"),
    "question.change": _l("Question of a course changed"),
    "question.move": _l("Questions of a course put in order"),
    "question.remove": _l("Question of a course removed"),
    "question.usual": _l("Usual questions added to a course"),
    "reading.readers": _l("Readers of candidates named"),
    "reading.score": _l("Candidate scored by a reader"),
    "reading.share": _l("Candidates shared out to readers"),
    "registration.accept": _l("Seat confirmed"),
    "registration.apply": _l("Application sent"),
    "registration.cancel": _l("Cancelled with the course"),
    "registration.close": _l("Registration closed with the course"),
    "registration.decline": _l("Seat declined"),
    "registration.details": _l("Details completed"),
    "registration.edit": _l("Details corrected"),
    "registration.endorse": _l("Candidate endorsed"),
    "registration.erase": _l("Person erased"),
    "registration.expire": _l("Offer expired without a reply"),
    "registration.extend": _l("Offer extended"),
    "registration.invite": _l("Invited directly"),
    "registration.import": _l("List of nominations entered"),
    "registration.mail": _l("Email address corrected"),
    "registration.message": _l("Message sent to a group"),
    "registration.approve_change": _l("Change of details approved"),
    "registration.ask_change": _l("Change of details asked for"),
    "registration.refuse_change": _l("Change of details not approved"),
    "registration.take_back_change": _l("Change of details taken back"),
    "registration.name": _l("Name for the certificate confirmed"),
    "registration.nominate": _l("Candidate nominated"),
    "registration.override": _l("Candidate admitted without endorsement"),
    "registration.promote": _l("Offered a seat that became free"),
    "registration.rank": _l("Candidates put in order"),
    "registration.reseat": _l("Moved to another seat to make room for one more person"),
    "registration.remind_name": _l("Reminded to confirm the name"),
    "registration.remind1": _l("Reminded of the offer"),
    "registration.remind2": _l("Reminded of the offer again"),
    "registration.remind_names": _l("Reminded of their names for the certificate"),
    "registration.replace": _l("Offered the seat of somebody who left"),
    "registration.recall": _l("Endorsement undone"),
    "registration.reconsider": _l("Rejection undone"),
    "registration.reject": _l("Candidate rejected"),
    "registration.reopen": _l("The course was reopened"),
    "registration.select": _l("Candidate selected"),
    "registration.start": _l("Link to apply requested"),
    "registration.unselect": _l("Selection undone"),
    "registration.walk_in": _l("Seated on the day"),
    "registration.withdraw": _l("Registration withdrawn"),
    "reserve.order": _l("Reserve list put in order"),
    "room.keep": _l("Room saved"),
    "room.remove": _l("Room removed"),
    "seats.edit": _l("Seats allocated"),
    "seats.hold": _l("Seat held for a country"),
    "seats.release": _l("Free seats released"),
    "screen.link": _l("Link of a course's screen made"),
    "screen.stop": _l("Link of a course's screen switched off"),
    "selection.accept": _l("Proposed selection accepted"),
    "selection.propose": _l("Selection proposal asked for"),
    "session.add": _l("Session added to the agenda"),
    "session.change": _l("Session of the agenda changed"),
    "session.end": _l("Signed out"),
    "session.reply": _l("Session answered by its trainer"),
    "session.remove": _l("Session removed from the agenda"),
    "session.start": _lp("in the trail", "Signed in"),
    "signature.set": _l("Signature picture changed"),
    "tables.anew": _l("Everyone seated at tables again"),
    "tables.move": _l("Moved to another table"),
    "tables.remove": _l("Tables removed"),
    "tables.seat": _l("Seated at tables"),
    "tables.set": _l("Tables changed"),
    "test.pass_rest": _l("Everyone else marked as passed"),
    "test.result": _l("Test results entered"),
    "test.take_back": _l("Test results undone"),
    "trainer.accept": _l("Invitation to teach accepted"),
    "trainer.add": _l("Trainer added"),
    "trainer.assess": _l("Trainer assessed"),
    "trainer.assess_back": _l("Assessment of a trainer taken back"),
    "trainer.bring_back": _l("Trainer back on the roster"),
    "trainer.decline": _l("Invitation to teach declined"),
    "trainer.edit": _l("Trainer's details changed"),
    "trainer.invite": _l("Trainer invited"),
    "trainer.merge": _l("Two entries of the roster merged"),
    "trainer.record": _l("Service record written"),
    "trainer.retire": _l("Trainer taken off the roster"),
    "trainer.send_again": _l("Invitation to teach sent again"),
    "trainer.withdraw": _l("Invitation to teach withdrawn"),
    "view.change": _l("View of the candidates changed"),
    "view.remove": _l("View of the candidates deleted"),
    "view.save": _l("View of the candidates saved"),
    "waiver.approve": _l("Exception approved"),
    "waiver.ask": _l("Exception requested"),
    "waiver.refuse": _l("Exception refused"),
}

OBJECTS: Mapping[str, LazyText] = {
    "account": _l("Account"),
    "agency": _l("Agency"),
    "certificate": _l("Certificate"),
    "course": _l("Course"),
    "course_trainer": _l("Invitation to teach"),
    "directory_contact": _l("Contact of the directory"),
    "directory_entry": _l("Entry of the directory"),
    "directory_field": _l("Field of the directory"),
    "export_request": _l("Request for a list"),
    "function": _l("Function"),
    "installation": _l("Installation"),
    "law": _l("Entry of the register of laws"),
    "material": _l("File of the materials"),
    "module": _l("Module"),
    "person": _lp("in the trail", "Person"),
    "programme": _l("Programme"),
    "question": _l("Question"),
    "registration": _lp("in the trail", "Registration"),
    "room": _l("Room"),
    "session": _l("Session"),
    "signatory": _l("Signatory"),
    "trainer": _l("Trainer"),
}


def act_words(act: str) -> str:
    """What was done; an act of an older version that has no words shows its code."""
    return str(ACTS.get(act, act))


def object_words(object_type: str) -> str:
    """What kind of thing it was done to."""
    return str(OBJECTS.get(object_type, object_type))
