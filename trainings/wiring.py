"""The parts that make up the application: pages, background work, hooks.

Read it from top to bottom; a part that is not listed here is not part of the application.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from trainings.accounts import operations as accounts
from trainings.accounts import profile_views, sessions, staff_views
from trainings.accounts import views as accounts_views
from trainings.agencies import mark_views
from trainings.agencies import views as agencies_views
from trainings.agenda import service_queries as services
from trainings.agenda import views as agenda_views
from trainings.agenda import writes as agenda
from trainings.agenda_import import views as agenda_import_views
from trainings.agenda_versions import sheet_views
from trainings.agenda_versions import views as agenda_versions_views
from trainings.agreements import views as agreements_views
from trainings.assessments import views as assessments_views
from trainings.attendance import result_views
from trainings.attendance import views as attendance_views
from trainings.audit import operations as audit
from trainings.audit import views as audit_views
from trainings.availability import queries as availability
from trainings.availability import views as availability_views
from trainings.calendars import views as calendars_views
from trainings.candidate_reviews import views as candidate_reviews_views
from trainings.certificates import operations as certificates_issuing
from trainings.certificates import rendering_operations as certificates
from trainings.certificates import revocation_views, waiver_views
from trainings.certificates import views as certificates_views
from trainings.change_requests import views as change_requests_views
from trainings.core import config, hooks
from trainings.core.i18n import _l, _lp
from trainings.core.permissions import Permission
from trainings.course_mails import attachment_queries, mailing_views, message_views, text_views
from trainings.course_mails import message_operations as course_mails
from trainings.course_mails import views as course_mails_views
from trainings.courses import module_views, programme_views, room_views
from trainings.courses import operations as course_operations
from trainings.courses import queries as courses
from trainings.courses import views as courses_views
from trainings.desk import move_views
from trainings.desk import queries as desk
from trainings.desk import views as desk_views
from trainings.directory import care_views as directory_care_views
from trainings.directory import contact_operations as directory_contacts
from trainings.directory import contact_views as directory_contact_views
from trainings.directory import operations as directory
from trainings.directory import views as directory_views
from trainings.duplicates import views as duplicates_views
from trainings.evaluations import own_views as own_evaluation_views
from trainings.evaluations import views as evaluations_views
from trainings.exports import officer_views as exports_officer_views
from trainings.exports import operations as exports
from trainings.exports import views as exports_views
from trainings.home import health_views
from trainings.home import views as home_views
from trainings.jobs.rules import Round, Task, Work
from trainings.law_reviews import views as law_reviews_views
from trainings.legislation import edit_views as legislation_edit_views
from trainings.legislation import views as legislation_views
from trainings.looks import views as looks_views
from trainings.mail import operations as mail
from trainings.mail import views as outbox_views
from trainings.mailings import operations as mailings
from trainings.materials import edit_views as materials_edit_views
from trainings.materials import operations as materials
from trainings.materials import views as materials_views
from trainings.materials import writes as material_writes
from trainings.networks import answer_views as networks_answer_views
from trainings.networks import operations as networks
from trainings.networks import queries as network_queries
from trainings.networks import views as networks_views
from trainings.nominations import views as nominations_views
from trainings.nominations_import import operations as nominations_import
from trainings.nominations_import import views as nominations_import_views
from trainings.papers import views as papers_views
from trainings.participants import apply_question_views, apply_views
from trainings.participants import views as participants_views
from trainings.people import writes as people
from trainings.planning import creation_views, setting_views, signature_views
from trainings.print_room import views as print_room_views
from trainings.printing import cage
from trainings.privacy import views as privacy_views
from trainings.programmes import course_views as programme_course_views
from trainings.programmes import lesson_views
from trainings.programmes import views as programmes_views
from trainings.proposals import operations as proposals
from trainings.proposals import views as proposals_views
from trainings.questions import answer_operations as answers
from trainings.questions import answer_views as answers_views
from trainings.questions import own_views as own_questions_views
from trainings.questions import queries as question_queries
from trainings.questions import views as questions_views
from trainings.register import operations as register
from trainings.registrations import filter_queries
from trainings.roster_import import views as roster_import_views
from trainings.rosters import invitation_views as roster_invitation_views
from trainings.rosters import search_queries as roster_search
from trainings.rosters import views as rosters_views
from trainings.rosters import writes as rosters
from trainings.saved_views import views as saved_views_views
from trainings.scheduling import day_views
from trainings.scheduling import plan_views as timetable_views
from trainings.scheduling import views as act_views
from trainings.screens import views as screens_views
from trainings.seats import offer_operations as offers
from trainings.seats import operations as seats
from trainings.seats import views as seats_views
from trainings.selection import decision_views, invitation_views, person_views, reserve_views
from trainings.selection import views as selection_views
from trainings.selection_proposals import operations as selection_proposals
from trainings.selection_proposals import table_views as selection_table_views
from trainings.selection_proposals import views as selection_proposals_views
from trainings.service_records import views as service_records_views
from trainings.session_replies import views as session_replies_views
from trainings.signing import signing
from trainings.tables import queries as tables
from trainings.tables import views as tables_views
from trainings.unsent import operations as unsent
from trainings.unsent import queries as unsent_queries
from trainings.verification import views as verification_views
from trainings.web import access, refill
from trainings.web.page_frame import Way

PAGES = (
    home_views,
    health_views,
    audit_views,
    accounts_views,
    profile_views,
    staff_views,
    agencies_views,
    mark_views,
    courses_views,
    programme_views,
    programmes_views,
    lesson_views,
    programme_course_views,
    module_views,
    room_views,
    legislation_edit_views,
    legislation_views,
    law_reviews_views,
    agreements_views,
    creation_views,
    setting_views,
    signature_views,
    desk_views,
    course_mails_views,
    text_views,
    mailing_views,
    message_views,
    move_views,
    apply_question_views,
    apply_views,
    participants_views,
    change_requests_views,
    nominations_views,
    nominations_import_views,
    selection_views,
    decision_views,
    invitation_views,
    person_views,
    reserve_views,
    saved_views_views,
    candidate_reviews_views,
    questions_views,
    own_questions_views,
    answers_views,
    selection_proposals_views,
    selection_table_views,
    seats_views,
    roster_import_views,
    duplicates_views,
    rosters_views,
    roster_invitation_views,
    availability_views,
    session_replies_views,
    assessments_views,
    service_records_views,
    directory_views,
    directory_contact_views,
    directory_care_views,
    agenda_versions_views,
    sheet_views,
    agenda_views,
    agenda_import_views,
    timetable_views,
    act_views,
    day_views,
    proposals_views,
    calendars_views,
    screens_views,
    materials_views,
    materials_edit_views,
    tables_views,
    attendance_views,
    result_views,
    evaluations_views,
    own_evaluation_views,
    networks_views,
    networks_answer_views,
    papers_views,
    exports_views,
    exports_officer_views,
    certificates_views,
    waiver_views,
    revocation_views,
    looks_views,
    print_room_views,
    verification_views,
    privacy_views,
    outbox_views,
)

NAVIGATION = (
    Way(_l("Home"), "home.start", Permission.HOME_SEE),
    Way(_l("Courses"), "courses.index", None, covers="/rooms"),
    Way(_l("My registrations"), "participants.index", Permission.REGISTRATION_OWN, True),
    Way(_l("My certificates"), "certificates.own", Permission.CERTIFICATE_OWN, True),
    Way(_l("Directory"), "directory.index", Permission.DIRECTORY_OWN, True),
    Way(_l("Trainers"), "rosters.index", Permission.ROSTER_READ),
    Way(_l("Programmes"), "courses.programmes", Permission.LESSON_READ, covers="/modules"),
    Way(
        _l("Laws"),
        "legislation.index",
        Permission.LEGISLATION_READ,
        open_to_all=lambda: config.settings().laws_public,
    ),
    Way(_l("Directory list"), "directory_care.fields", Permission.DIRECTORY_MODERATE),
    Way(_l("Directory in numbers"), "directory_care.numbers", Permission.REPORT_READ),
    Way(_l("Staff"), "accounts_staff.index", Permission.ACCOUNT_INVITE),
    Way(_l("Agencies"), "agencies.index", Permission.AGENCY_EDIT, covers="/functions"),
    Way(_l("Audit trail"), "audit.index", Permission.AUDIT_READ),
    Way(_l("Erasure"), "privacy.index", Permission.PERSON_ERASE),
    Way(_lp("directory", "Reports"), "directory_care.reports", Permission.DIRECTORY_GUARD),
    Way(_l("Lists with names"), "exports_officer.index", Permission.AUDIT_READ),
    Way(_l("Health"), "home_health.show", Permission.HEALTH_READ),
)

# The queue stores these names: if a task is renamed, its queued jobs are lost.
TASKS: dict[str, Task] = {
    "accounts.mail_links": accounts.mail_links,
    "certificates.issue": certificates_issuing.issue_on,
    "certificates.render": certificates.render,
    "mail.send": mail.send,
    "mailings.write": mailings.write_on,
    "proposals.look": proposals.look,
    "registrations.expire": offers.expire,
    "registrations.promote": seats.promote,
    "registrations.release": seats.release,
    "registrations.remind": offers.remind,
    "selection_proposals.answer": selection_proposals.answer,
    "selection_proposals.look": selection_proposals.look,
}

# Recurring duties of the worker, each with its interval in seconds.
ROUNDS: dict[str, Round] = {
    "accounts.tidy": (3600.0, accounts.tidy),
    "audit.anchor": (10.0, audit.anchor_head),
    "audit.verify": (60.0, audit.verify_onward),
    "certificates.note_missing": (600.0, register.note_missing),
    "certificates.settle": (10.0, register.settle),
    "certificates.take_up": (60.0, certificates.take_up),
    "course_mails.clear": (3600.0, course_mails.clear),
    "directory.contacts": (3600.0, directory_contacts.tidy),
    "directory.tidy": (3600.0, directory.tidy),
    "exports.clear": (600.0, exports.clear),
    "mailings.clear": (3600.0, mailings.clear),
    "mailings.take_up": (60.0, mailings.take_up),
    "materials.sweep": (3600.0, materials.sweep),
    "networks.turn": (3600.0, networks.turn),
    "nominations_import.clear": (600.0, nominations_import.clear),
    "questions.clear": (3600.0, answers.clear),
    "questions.remind": (3600.0, answers.remind),
    "unsent.clear": (60.0, unsent.clear),
}

# What the worker starts beside its work, to have it ready for the first click.
STARTS: tuple[Callable[[], object], ...] = (cage.warm, signing.warm)


def wire(app: Flask) -> None:
    """Register all parts with the application; ``RuntimeError`` where a hook has no function."""
    for part in PAGES:
        app.register_blueprint(part.bp)
    app.extensions["work"] = Work(dict(TASKS), dict(ROUNDS), STARTS)

    access.ended_sessions.give(sessions.ended_sessions)
    staff_views.codes_of_courses.give(courses.codes_of)
    staff_views.course_with_code.give(courses.id_with_code)
    courses_views.standing_of.give(desk.standing)
    law_reviews_views.standing_of.give(desk.standing)
    mail.attached.give(attachment_queries.files_of)
    course_operations.module_goes.give(material_writes.forget_module)
    mailings.letters.give(networks.letters)
    mail.bounced.give(people.mark_bounced)
    refill.keep.give(unsent.keep)
    refill.newest.give(unsent_queries.newest)
    refill.of_page.give(unsent_queries.of_page)
    refill.use_up.give(unsent.use_up)
    roster_search.occupied.give(availability.occupied)
    roster_search.services.give(services.services)
    rosters.trainer_left.give(agenda.release_trainer)
    filter_queries.lacks_answers.give(question_queries.lacks)
    tables.known_in.give(network_queries.known_in)
    hooks.check()
