"""Forms that carry no version, by the reason why two people cannot overwrite each other there."""

NEW = "makes something new: nobody else can have changed it"
STATE = "an act on a state, which is looked at again under the lock and refused if it has moved on"
STEP = "moves one person from where they are: it carries no other values"
MARKS = "sends marks, each of which is compared under the lock with the one that is there"
REMOVES = "takes away: what is gone cannot be overwritten"
OWN = "a draft, an answer or a link that only its owner can open"
SESSION = "signing in and out, links, passwords: nothing that two people share"
ACTS = "carries the number of each session's version, compared under the lock; or only adds"
NOTHING = "changes nothing kept: files, checks, searches, messages"
SCAN = "/courses/<code>/attendance/<session_id>"
APPLY = "/courses/<code>/apply"
AGENDA = "/courses/<code>/agenda/acts"
UNVERSIONED = {
    NEW: """/agencies/new /courses/<code>/agenda/import /courses/<code>/agenda/import/rows
        /courses/<code>/agenda/new /courses/<code>/certificates/exceptions/<number>
        /courses/<code>/lessons/new
        /courses/<code>/lists/<listing> /courses/<code>/materials/new
        /courses/<code>/nominations/import /courses/<code>/nominations/import/rows
        /courses/<code>/nominations/new /courses/<code>/organisers /courses/<code>/questions/new
        /courses/<code>/questions/usual /courses/<code>/registrations/invite
        /courses/<code>/registrations/views/new /directory/people/<entry_id> /directory/propose
        /directory/protected /courses/<code>/registrations/walk-in
        /courses/<code>/template /courses/<code>/trainers/invite /courses/new /functions/new
        /legislation/correspondents /legislation/import /legislation/import/rows
        /legislation/topics/new /modules/<code>/copy /modules/<code>/materials/new /modules/new
        /programmes/<code>/copy /programmes/<code>/lessons/new /programmes/<code>/phases/new
        /programmes/new /rooms/new /staff/<account_id>/roles/new /staff/invite
        /trainers/<trainer_id>/path /trainers/import /trainers/import/rows /trainers/new""",
    STATE: """/courses/<code>/agenda/proposal /courses/<code>/agenda/proposal/accept
        /courses/<code>/agenda/proposal/discard /courses/<code>/agenda/publish
        /courses/<code>/agreement/<agency> /courses/<code>/agreement/<agency>/<signatory_id>
        /courses/<code>/certificates /courses/<code>/certificates/<certificate_id>/correct
        /courses/<code>/certificates/<certificate_id>/revoke /courses/<code>/certificates/again
        /courses/<code>/certificates/exceptions/<number>/approve
        /courses/<code>/certificates/exceptions/<number>/refuse /courses/<code>/laws/freeze
        /courses/<code>/lists/requests/<number>/<any(approve,refuse):decision>
        /courses/<code>/lists/requests/<number>/make
        /courses/<code>/mail/hold /courses/<code>/mail/release
        /courses/<code>/mail/<mail_id>/<any(hold,release,again):act>
        /courses/<code>/mail/<mail_id>/cancel /courses/<code>/mail/messages/<message_id>/send
        /courses/<code>/mail/mailings/<mailing_id>/stop
        /courses/<code>/network/<any(start,end,three,six):wave>/close
        /courses/<code>/network/<any(start,end,three,six):wave>/send
        /courses/<code>/moves/<name> /courses/<code>/nominations/<number>/withdraw
        /courses/<code>/nominations/choose /courses/<code>/nominations/decide
        /courses/<code>/registrations/<number>/withdraw /courses/<code>/registrations/choose
        /courses/<code>/registrations/<number>/change
        /courses/<code>/registrations/decide /courses/<code>/registrations/remind-names
        /courses/<code>/selection/proposal/accept /courses/<code>/selection/proposal/discard
        /courses/<code>/selection/proposal/wonder /courses/<code>/selection/readers/share
        /courses/<code>/trainers/<course_trainer_id>/send
        /courses/<code>/trainers/<course_trainer_id>/withdraw
        /directory/contacts/<contact_id>/<any(decline,end):act>
        /directory/contacts/<contact_id>/accept /directory/contacts/<contact_id>/report
        /directory/programmes/<code>/<any(open,shut):act> /directory/protected/<person_id>/end
        /directory/reports/<contact_id>/<any(close,bar):act>
        /legislation/<country>/<topic>/<version_id>/check
        /legislation/<country>/<topic>/<version_id>/confirm
        /legislation/<country>/<topic>/<version_id>/drop /my/invitations/<course_trainer_id>
        /programmes/<code>/lessons/<lesson_id>/<any(own,leave):act>
        /programmes/<code>/lessons/<lesson_id>/undo/<int:number>
        /my/registrations/<number>/accept /my/registrations/<number>/decline
        /my/registrations/<number>/withdraw /privacy/erasure/<person_id>
        /privacy/lists/<number>/<any(approve,refuse):decision> /staff/<account_id>/disable
        /staff/<account_id>/enable /staff/<account_id>/invite /trainers/<trainer_id>/bring-back
        /trainers/<trainer_id>/duplicates/<other_id> /trainers/<trainer_id>/retire""",
    STEP: """/courses/<code>/nominations/order
        /courses/<code>/questions/<question_id>/<any(up,down):step> /courses/<code>/reserve
        /courses/<code>/tables/<number> /courses/<code>/tables/anew /courses/<code>/tables/room
        /courses/<code>/tables/seat""",
    MARKS: f"""{SCAN} {SCAN}/mark {SCAN}/rest {SCAN}/results {SCAN}/results/one
        {SCAN}/results/rest {SCAN}/results/undo {SCAN}/undo""",
    REMOVES: """/agencies/<code>/mark/remove /courses/<code>/agenda/<session_id>/remove
        /courses/<code>/mail/messages/<message_id>/delete
        /courses/<code>/mail/texts/<event>/<language>/standard
        /courses/<code>/organisers/<grant_id>/end /courses/<code>/questions/<question_id>/remove
        /courses/<code>/registrations/views/<view_id>/remove
        /courses/<code>/signatures/<signatory_id>/remove /courses/<code>/tables/remove
        /courses/new/<plan_id>/drop /directory/fields/<field_id>/remove
        /legislation/correspondents/<grant_id>/end
        /materials/<material_id>/remove /modules/<code>/remove
        /my/registrations/<number>/change/take-back
        /programmes/<code>/lessons/<lesson_id>/remove
        /programmes/<code>/phases/<phase_id>/remove /rooms/<room_id>/remove
        /staff/<account_id>/roles/<grant_id>/end
        /trainers/<trainer_id>/path/<assessment_id>/remove""",
    OWN: f"""/courses/<code>/agenda/screen /courses/<code>/agenda/screen/stop
        /courses/<code>/nominations/import/<row_id>
        /courses/<code>/nominations/import/<row_id>/drop
        /courses/<code>/selection/reading/<number> /courses/new/<plan_id>
        /courses/new/<plan_id>/<name> /my/availability /my/availability/<period_id>/remove
        /directory/consent /directory/contacts/<contact_id>/share /directory/renew
        /directory/withdraw /my/availability/calendar /my/availability/calendar/forget
        /my/evaluations/<number> /network/<token>
        /my/registrations/<number>/questions/<question_id>
        /my/registrations/<number>/<any(invitation,visa):letter>.pdf
        /my/registrations/<number>/questions/<question_id>/remove /my/sessions/<session_id>
        /profile/calendar /profile/calendar/stop
        {APPLY}/<any(function,country,identity,work,needs,notice):step> {APPLY}/check
        {APPLY}/questions""",
    SESSION: f"""/profile/password /profile/password/link /profile/sessions/<session_id>/end
        /profile/sessions/end /sign-in /sign-in/link /sign-in/link/<token>
        /sign-in/link/<token>/renew /sign-out {APPLY}""",
    ACTS: f"""{AGENDA}/add {AGENDA}/assign {AGENDA}/breaks {AGENDA}/duplicate {AGENDA}/frame
        {AGENDA}/move {AGENDA}/name {AGENDA}/plan {AGENDA}/redo {AGENDA}/remove {AGENDA}/resize
        {AGENDA}/shift {AGENDA}/split {AGENDA}/swap {AGENDA}/undo {AGENDA}/unschedule""",
    NOTHING: """/find /courses/<code>/answers/remind /courses/<code>/certificates.pdf
        /courses/<code>/certificates/print /courses/<code>/lists/<listing>/take
        /courses/<code>/papers/<any(attendance,badges,tents,tables):paper>.pdf
        /courses/<code>/papers/<any(invitation,visa):letter>.pdf
        /courses/<code>/papers/<any(invitation,visa):letter>/<number>.pdf
        /courses/<code>/registrations/find /courses/<code>/registrations/message
        /courses/<code>/selection/decisions/<decision_id>.pdf /courses/<code>/selection/table
        /health/test-mail /language /my/service.pdf /privacy/erasure /verify /verify/<token>
        /verify/file""",
}
