"""How a question may be written and changed: nothing that was answered is lost in silence (S46)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainings.core.errors import Refusal
from trainings.core.i18n import Counted, _l
from trainings.questions.rules import MOST_OPTIONS, AskedOf, Asking, Option, QuestionKind, SeenBy

_REACH = {one: place for place, one in enumerate(SeenBy)}


class TitleMissing(Refusal):
    """A question without words."""

    sentence = _l("Write the question in at least one language.")


class FileOfFocalPoint(Refusal):
    """Focal points send no files about others."""

    sentence = _l("A file can be asked of the candidates themselves only.")
    field = "asked_of"


class OptionsMissing(Refusal):
    """Nothing, or only one thing, to choose from."""

    sentence = _l("Write at least two options, one on each line.")


class TooManyOptions(Refusal):
    """More options than anybody reads."""

    sentence = _l("A question can have up to %(most)s options.")


class OptionsDisagree(Refusal):
    """The languages have different numbers of lines."""

    sentence = _l(
        "Write the same number of options in each language, in the same order: line 2 of one "
        "language is line 2 of the other."
    )


class OptionTwice(Refusal):
    """The same words twice."""

    sentence = _l("The option “%(option)s” is there twice.")


class TooManyQuestions(Refusal):
    """More questions than a course can have."""

    sentence = _l("A course can ask up to %(most)s questions. Remove one that is no longer needed.")


class KindFixed(Refusal):
    """Answers of one kind are none of another."""

    sentence = Counted(
        "%(number)s person has answered this question, so its kind and who is asked stay. Ask a "
        "new question instead.",
        "%(number)s people have answered this question, so its kind and who is asked stay. Ask a "
        "new question instead.",
        "number",
    )


class OptionChosen(Refusal):
    """An option that somebody chose would be lost."""

    sentence = Counted(
        "%(number)s person has chosen “%(option)s”, so this option stays.",
        "%(number)s people have chosen “%(option)s”, so this option stays.",
        "number",
    )


class SeenPromised(Refusal):
    """People answered knowing who would see it."""

    sentence = Counted(
        "%(number)s person answered knowing who sees it. You can let fewer see it, not more.",
        "%(number)s people answered knowing who sees it. You can let fewer see it, not more.",
        "number",
    )
    field = "seen_by"


class KeptPromised(Refusal):
    """People answered knowing when it would be erased."""

    sentence = Counted(
        "%(number)s person answered knowing when it is erased. It can be erased earlier, not "
        "later.",
        "%(number)s people answered knowing when it is erased. It can be erased earlier, not "
        "later.",
        "number",
    )
    field = "kept_for"


class WordsAnswered(Refusal):
    """The words of a question that people have answered change."""

    sentence = Counted(
        "%(number)s person has answered the question as it was. If the answer still fits, tick "
        "“The answers still fit” and save again.",
        "%(number)s people have answered the question as it was. If their answers still fit, tick "
        "“The answers still fit” and save again.",
        "number",
    )
    field = "fits"


class AnswersChanged(Refusal):
    """More people have answered than the page said, or fewer."""

    sentence = _l(
        "In the meantime the number of answers has changed: it is %(number)s now. Read the page "
        "again and decide."
    )


def options_from(
    lines: Mapping[str, Sequence[str]], before: Sequence[Option] = ()
) -> tuple[Option, ...]:
    """The options written one on each line, in one or more languages.

    One that keeps its words in any language keeps its code, and so the answers that name it.
    Raises ``OptionsMissing``, ``TooManyOptions``, ``OptionsDisagree``, ``OptionTwice``.
    """
    written = {code: found for code, texts in lines.items() if (found := [t for t in texts if t])}
    lengths = {len(found) for found in written.values()}
    if not lengths or max(lengths) < 2:
        raise OptionsMissing
    if max(lengths) > MOST_OPTIONS:
        raise TooManyOptions(most=MOST_OPTIONS)
    if len(lengths) > 1:
        raise OptionsDisagree
    for texts in written.values():
        for text in texts:
            if [one.casefold() for one in texts].count(text.casefold()) > 1:
                raise OptionTwice(option=text)
    rows = [
        {code: texts[place] for code, texts in written.items()} for place in range(lengths.pop())
    ]
    kept = [_same(row, before) for row in rows]
    last = max((int(one.code) for one in before), default=0)
    made = []
    for row, old in zip(rows, kept, strict=True):
        if old is None or kept.count(old) > 1:
            last += 1
        made.append(Option(old.code if old and kept.count(old) == 1 else str(last), row))
    return tuple(made)


def _same(row: Mapping[str, str], before: Sequence[Option]) -> Option | None:
    """The option that had these words in one of the languages."""
    for one in before:
        if any(one.texts.get(code) == text for code, text in row.items()):
            return one
    return None


def check_whole(asking: Asking) -> None:
    """Refuse a question without words, and a file that focal points would send."""
    if not any(asking.titles.values()):
        raise TitleMissing
    if asking.kind is QuestionKind.FILE and asking.asked_of is AskedOf.FOCAL_POINT:
        raise FileOfFocalPoint


def check_change(
    before: Asking, after: Asking, answered: int, chosen: Mapping[str, int], *, fits: bool
) -> None:
    """Refuse a change that would break what people were told, or lose what they answered.

    ``answered``: how many have; ``chosen``: how many chose each option; ``fits``: the organiser
    has said that the answers fit the new words.
    """
    if not answered:
        return
    if (before.kind, before.asked_of) != (after.kind, after.asked_of):
        raise KindFixed(number=answered)
    if _REACH[after.seen_by] > _REACH[before.seen_by]:
        raise SeenPromised(number=answered)
    if after.kept_for.days > before.kept_for.days:
        raise KeptPromised(number=answered)
    left = {one.code for one in after.options}
    for one in before.options:
        if chosen.get(one.code) and one.code not in left:
            words = next((text for text in one.texts.values() if text), "")
            raise OptionChosen(number=chosen[one.code], option=words)
    if _words(before) != _words(after) and not fits:
        raise WordsAnswered(number=answered)


def check_lost(there: int, told: int) -> None:
    """Refuse to remove answers of which the page did not tell."""
    if there != told:
        raise AnswersChanged(number=there)


def _words(asking: Asking) -> tuple[Any, ...]:
    """What people read of a question, but for the hint."""
    options = {one.code: dict(one.texts) for one in asking.options}
    return dict(asking.titles), options, dict(asking.follow_ups or {})
