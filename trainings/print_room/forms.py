"""The choices for a print run."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from trainings.core.i18n import _l
from trainings.print_room.rules import ORDER_LABELS, Order, PrintChoice
from trainings.register.rules import Kind
from trainings.web.forms import PlainForm


class PrintForm(PlainForm):
    """Which certificates to print, in which order and with what; may be sent repeatedly."""

    certificates = SelectMultipleField(validate_choice=False)
    order = RadioField(
        _l("Order"),
        default=str(Order.NAME),
        choices=[SelectChoice(str(order), label) for order, label in ORDER_LABELS.items()],
    )
    back = BooleanField(
        _l("A back page for each, with modules and hours"),
        description=_l("For double-sided printing. It follows each certificate."),
    )
    check_sheet = BooleanField(
        _l("A checklist for handing them over"),
        description=_l("It comes last, with name, country, serial number and space to sign."),
    )

    def offer(self, tables: bool) -> None:
        """Offer the order by table only if the course has tables."""
        if not tables and self.order.data != Order.TABLE:
            self.order.choices = [one for one in self.order.choices if one.value != Order.TABLE]

    def choice(self, kind: Kind) -> PrintChoice:
        """The choices that were made."""
        return PrintChoice(
            kind,
            chosen=frozenset(self.certificates.data or ()),
            order=Order(self.order.data),
            back=bool(self.back.data),
            check_sheet=bool(self.check_sheet.data),
        )
