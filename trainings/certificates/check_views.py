"""The check page: anyone may see whether a certificate is genuine; it names nobody."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from trainings.certificates import check_operations, document
from trainings.certificates.check_rules import LARGEST_FILE, TooManyFiles
from trainings.certificates.forms import FileForm, NameForm, SerialForm
from trainings.core.access import public
from trainings.core.i18n import _
from trainings.core.web import showing_refusal

bp = Blueprint("certificates_check", __name__)
bp.add_app_template_global(document.hours_in_words)


@bp.get("/verify")
@public
def start() -> ResponseReturnValue:
    """Check a certificate: drop its file, or type its serial and the name on it."""
    return _page("certificates/check.html", serial_form=SerialForm(), file_form=FileForm())


@bp.post("/verify")
@public
def by_serial() -> ResponseReturnValue:
    """Check by serial and name; an unknown serial and a wrong name get the same answer."""
    form = SerialForm()
    shown = None
    if form.validate_on_submit():
        with showing_refusal(form):
            shown = check_operations.by_serial(
                form.serial.data, form.name.data, request.remote_addr or ""
            )
            if shown is None:
                form.form_errors.append(
                    _("No certificate with this serial number carries this name. Check both.")
                )
    if shown is not None:
        return _page("certificates/finding.html", shown=shown, matched=True, form=NameForm(None))
    return _page("certificates/check.html", serial_form=form, file_form=FileForm())


@bp.post("/verify/file")
@public
def by_file() -> ResponseReturnValue:
    """Check a PDF by its bytes; it is read, never kept."""
    form = FileForm()
    upload = form.file.data
    if not form.validate_on_submit() or not upload:
        form.file.errors = [_("Choose the PDF file of the certificate.")]
        return _page("certificates/check.html", serial_form=SerialForm(), file_form=form)
    with closing(upload):
        content = upload.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE or not content.startswith(b"%PDF"):
        form.file.errors = [
            _(
                "This is not a PDF file of up to 5 MB. Choose the file that was issued; of a photo "
                "or a scan, check the code on it or its serial number and name."
            )
        ]
        return _page("certificates/check.html", serial_form=SerialForm(), file_form=form)
    try:
        finding = check_operations.by_file(content, request.remote_addr or "")
    except TooManyFiles as refusal:
        form.file.errors = [str(refusal)]
        return _page("certificates/check.html", 429, serial_form=SerialForm(), file_form=form)
    return _page("certificates/file.html", finding=finding)


@bp.route("/verify/<token>", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """What the register says of one certificate; the name on the paper is typed, not shown."""
    shown = check_operations.by_token(token)
    form = NameForm()
    matched: bool | None = None
    if shown is not None and form.validate_on_submit():
        with showing_refusal(form):
            matched = check_operations.name_matches(
                shown.id, form.name.data, request.remote_addr or ""
            )
    status = 200 if shown is not None else 404
    return _page("certificates/finding.html", status, shown=shown, form=form, matched=matched)


def _page(template: str, status: int = 200, **values: object) -> Response:
    response = make_response(render_template(template, **values), status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
