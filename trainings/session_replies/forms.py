"""The form in which a trainer answers about a session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.agenda.forms import Clock
from trainings.core.i18n import _l
from trainings.session_replies.rules import LONGEST, Answer, Reply
from trainings.web.fields import Day, Paragraphs
from trainings.web.forms import Form


class ReplyForm(Form):
    """Yes, no, or another time; why; and what is needed."""

    reply = RadioField(
        _l("Your answer"),
        choices=[
            SelectChoice(str(Reply.ACCEPTED), _l("I will give it")),
            SelectChoice(str(Reply.DECLINED), _l("I cannot give it")),
            SelectChoice(str(Reply.OTHER_TIME), _l("I can give it at another time")),
        ],
        validators=[InputRequired(_l("Choose your answer."))],
    )
    day = Day(_l("Day"), validators=[Optional()])
    at = Clock(_l("Starts"), validators=[Optional()])
    said = Paragraphs(_l("What the organisers should know"), maximum=LONGEST)
    needs = Paragraphs(_l("What you need in the room"), maximum=LONGEST)

    def answer(self) -> Answer:
        """What was typed."""
        data: Any = self.data
        reply = Reply(data["reply"])
        moment = None
        if reply is Reply.OTHER_TIME and data["day"] and data["at"]:
            moment = datetime.combine(data["day"], data["at"])
        return Answer(reply, moment, data["said"] or "", data["needs"] or "")
