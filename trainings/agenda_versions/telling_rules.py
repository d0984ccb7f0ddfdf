"""Changes of an agenda in words, each with what was and what is, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from trainings.agenda.act_rules import Entry
from trainings.agenda.rules import shown_title, speech_words
from trainings.agenda_versions.rules import Change, What, in_roles
from trainings.core.dates import with_weekday
from trainings.core.i18n import _, listed, with_colon


class Words(Struct, frozen=True):
    """The words for what sessions refer to; without ``trainers`` nobody is named."""

    modules: Mapping[str, Mapping[str, str]]
    rooms: Mapping[str, str]
    trainers: Mapping[str, str] | None = None  # names by course trainer


class Told(Struct, frozen=True):
    """One change: when the session is now, what it is called, where, and what is different."""

    session: str
    when: str
    title: str
    room: str
    parts: tuple[str, ...]


def told(change: Change, words: Words) -> Told:
    """A change in words."""
    entry = change.entry
    return Told(
        session=change.session,
        when=_when(entry),
        title=_title(entry, words),
        room=words.rooms.get(entry.room_id or "", ""),
        parts=tuple(_part(what, change, words) for what in change.what),
    )


def _part(what: What, change: Change, words: Words) -> str:
    before, after = change.before, change.after
    if what is What.ROLE and change.role is not None:
        return f"{with_colon(what.label)} {change.role.label}"
    if before is None or after is None or what not in _SAID:
        return str(what.label)
    return _SAID[what](before, after, words)


def _moved(before: Entry, after: Entry, _words: Words) -> str:
    return _("Moved from %(before)s to %(after)s", before=_when(before), after=_when(after))


def _length(before: Entry, after: Entry, _words: Words) -> str:
    return _("Ends at %(after)s instead of %(before)s", before=_end(before), after=_end(after))


def _room(before: Entry, after: Entry, words: Words) -> str:
    def name(entry: Entry) -> str:
        return words.rooms.get(entry.room_id or "", "") or _("no room")

    return _("Room: %(after)s instead of %(before)s", before=name(before), after=name(after))


def _trainers(before: Entry, after: Entry, words: Words) -> str:
    known = words.trainers
    if known is None:
        return str(What.TRAINERS.label)

    def names(entry: Entry) -> str:
        roles = {one: entry.role_of(one) for one in entry.trainers}
        return listed(in_roles(roles, known)) or _("nobody")

    return _("Trainers: %(after)s instead of %(before)s", before=names(before), after=names(after))


def _retitled(before: Entry, after: Entry, words: Words) -> str:
    was, now = _title(before, words), _title(after, words)
    if was == now:
        return str(What.TITLE.label)  # in another language than the reader's
    return _("Title: “%(after)s” instead of “%(before)s”", before=was, after=now)


def _spoken(_before: Entry, after: Entry, _words: Words) -> str:
    speech = speech_words(after.languages, after.interpreted)
    held = speech or _("the languages of the course")
    return f"{with_colon(What.LANGUAGE.label)} {held}"


_SAID: Mapping[What, Callable[[Entry, Entry, Words], str]] = {
    What.MOVED: _moved,
    What.LENGTH: _length,
    What.ROOM: _room,
    What.TRAINERS: _trainers,
    What.TITLE: _retitled,
    What.LANGUAGE: _spoken,
}


def _title(entry: Entry, words: Words) -> str:
    return shown_title(entry.titles, words.modules.get(entry.module_id or ""), entry.kind)


def _when(entry: Entry) -> str:
    if entry.day is None or entry.starts_at is None:
        return ""
    return f"{with_weekday(entry.day)}, {entry.starts_at:%H:%M}–{_end(entry)}"


def _end(entry: Entry) -> str:
    return f"{entry.end:%H:%M}" if entry.end else ""
