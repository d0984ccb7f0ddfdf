"""Rules of agreements: how an agency answers, and when it can no longer."""

from __future__ import annotations

from enum import StrEnum

from trainings.core.errors import Refusal
from trainings.core.i18n import _l

REASON = 1000  # characters


class Answer(StrEnum):
    """What an organiser of the asked agency answers for it."""

    AGREE = "agree"
    DECLINE = "decline"
    TAKE_BACK = "take_back"
    SIGN = "sign"
    NOT_SIGN = "not_sign"


class AnswerMissing(Refusal):
    """The form came without an answer."""

    sentence = _l("Choose whether your agency agrees.")


class ReasonMissing(Refusal):
    """The course's organisers are told why an agency declines or leaves."""

    sentence = _l("Give a reason. The organisers of the course will read it.")
    field = "reason"


class NotAskedAnyMore(Refusal):
    """Somebody else of the agency declined, or the course's organisers removed it, meanwhile."""

    sentence = _l("Your agency is no longer asked: it was removed from the course, or declined.")


class AgreedAlready(Refusal):
    """Somebody else of the agency agreed in the meantime."""

    sentence = _l("Your agency has already agreed. See below what you can still do.")


class AgreeFirst(Refusal):
    """An agency that does not organise a course does not sign for it."""

    sentence = _l("Agree to organise the course first. After that, your agency can sign for it.")


class LeadStays(Refusal):
    """The lead agency cannot leave its own course."""

    sentence = _l(
        "Your agency leads this course, so it cannot leave it. You can cancel the course."
    )


class CertificatesIssued(Refusal):
    """What is issued carries the agency's name and stays valid."""

    sentence = _l(
        "Certificates have been issued with the name of your agency, so the "
        "agreement can no longer be taken back."
    )


def check_reason(reason: str) -> None:
    """Check that there is a reason. Raises ``ReasonMissing``."""
    if not reason:
        raise ReasonMissing


def check_leaving(*, leads: bool, issued: bool) -> None:
    """Check that an agency can leave a course. Raises ``LeadStays``, ``CertificatesIssued``."""
    if leads:
        raise LeadStays
    if issued:
        raise CertificatesIssued
