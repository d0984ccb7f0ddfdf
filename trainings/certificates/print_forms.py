"""What is ticked before a print run."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from trainings.certificates.print_rules import ORDER_LABELS, Order, PrintChoice
from trainings.certificates.rules import Kind
from trainings.core.i18n import _l


class PrintForm(FlaskForm):  # type: ignore[misc]
    """Which certificates, in which order, with what; may be sent as often as one likes."""

    certificates = SelectMultipleField(validate_choice=False)
    order = RadioField(
        _l("Order"), default=str(Order.NAME),
        choices=[SelectChoice(str(order), label) for order, label in ORDER_LABELS.items()],
    )  # fmt: skip
    back = BooleanField(
        _l("A back page for each, with modules and hours"),
        description=_l("For a printer that prints both sides: it follows each certificate."),
    )
    check_sheet = BooleanField(
        _l("A list to tick them off when they are handed over"),
        description=_l("It comes last: name, country, serial number, room to sign."),
    )

    def offer(self, tables: bool) -> None:
        """Offer the order of tables only where there are some."""
        if not tables and self.order.data != Order.TABLE:
            self.order.choices = [one for one in self.order.choices if one.value != Order.TABLE]

    def choice(self, kind: Kind) -> PrintChoice:
        """What was ticked."""
        return PrintChoice(
            kind,
            chosen=frozenset(self.certificates.data or ()),
            order=Order(self.order.data),
            back=bool(self.back.data),
            check_sheet=bool(self.check_sheet.data),
        )
