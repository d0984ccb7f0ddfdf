"""Trainings: the system with which agencies run joint training courses.

Start here. One folder for each noun, the same few kinds of file in each; nothing imports upwards:

    serving -> app | commands -> wiring -> demo -> home | privacy -> planning | papers | exports
    -> desk -> course_mails
    -> participants | print_room | selection_proposals | verification | looks | service_records
    -> directory
    -> certificates | selection | calendars | proposals | screens | materials | duplicates
    -> programmes -> networks
    -> evaluations | attendance | nominations | agreements | agenda_import | scheduling
    -> session_replies | candidate_reviews | saved_views | nominations_import | questions
    -> agenda_versions -> availability | assessments
    -> agenda | tables | seats | register | roster_import | law_reviews | change_requests
    -> mailings -> registrations | rosters | legislation -> courses -> agencies | unsent
    -> accounts -> people
    -> mail | signing | spreadsheets -> audit | printing | solving | uploads -> jobs -> web -> core

Inside a folder: views, cli -> forms | operations -> writes -> queries, adapters -> models -> rules.
``wiring.py`` lists the parts, ``app.py`` puts them together, ``serving`` serves them; ``web``
and ``core`` know no domain.

More: docs/architecture.md (the map explained), docs/where.md (where a question is answered),
docs/glossary.md (one word for each thing), docs/security.md (what must hold).
"""
