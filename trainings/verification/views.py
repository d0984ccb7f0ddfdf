"""The check page: anyone may see whether a certificate is genuine; it names nobody."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from trainings.core.i18n import _
from trainings.register import document
from trainings.register.serial_rules import as_printed
from trainings.verification import operations
from trainings.verification.forms import FileForm, NameForm, SerialForm
from trainings.verification.rules import LARGEST_FILE, FileNotRead, TooManyFiles
from trainings.web.access import public
from trainings.web.forms import showing_refusal

bp = Blueprint("verification", __name__)
bp.add_app_template_global(document.hours_in_words)


@bp.get("/verify")
@public
def start() -> ResponseReturnValue:
    """Check a certificate: drop its file, or type its serial and the name on it."""
    return _page("verification/check.html", serial_form=SerialForm(), file_form=FileForm())


@bp.post("/verify")
@public
def by_serial() -> ResponseReturnValue:
    """Check by serial, then by name; an unknown serial and a wrong name get the same answer."""
    serial_form, form, key = SerialForm(), NameForm(), ""
    if serial_form.validate_on_submit():
        with showing_refusal(serial_form):
            key = operations.checked_serial(serial_form.serial.data)
    if serial_form.errors:
        return _page("verification/check.html", serial_form=serial_form, file_form=FileForm())
    if form.name.name in request.form and form.validate():
        with showing_refusal(form):
            shown = operations.by_serial(
                form.serial.data, form.name.data, request.remote_addr or ""
            )
            return _page("verification/finding.html", shown=shown, matched=True, form=form)
    return _page("verification/compare.html", form=form, serial=as_printed(key))


@bp.post("/verify/file")
@public
def by_file() -> ResponseReturnValue:
    """Check a PDF by its bytes; it is read, never stored."""
    form = FileForm()
    upload = form.file.data
    if not form.validate_on_submit() or not upload:
        form.file.errors = [_("Choose the PDF file of the certificate.")]
        return _page("verification/check.html", serial_form=SerialForm(), file_form=form)
    with closing(upload):
        content = upload.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE or not content.startswith(b"%PDF"):
        form.file.errors = [
            _(
                "This is not a PDF file of up to 5 MB. Choose the file that was issued. If you "
                "have a photo or a scan, check the code on it, or its serial number and name."
            )
        ]
        return _page("verification/check.html", serial_form=SerialForm(), file_form=form)
    try:
        finding = operations.by_file(content, request.remote_addr or "")
    except (TooManyFiles, FileNotRead) as refusal:
        form.file.errors = [str(refusal)]
        status = 429 if isinstance(refusal, TooManyFiles) else 503
        return _page("verification/check.html", status, serial_form=SerialForm(), file_form=form)
    return _page(
        "verification/file.html",
        finding=finding,
        matched=None,
        form=NameForm(None, serial=finding.number.serial if finding.number else ""),
    )


@bp.route("/verify/<token>", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """The register's answer for one certificate; the name on the paper is typed, not shown."""
    shown = operations.by_token(token)
    form = NameForm()
    matched: bool | None = None
    if shown is not None and form.validate_on_submit():
        with showing_refusal(form):
            matched = operations.name_matches(shown.id, form.name.data, request.remote_addr or "")
    status = 200 if shown is not None else 404
    return _page("verification/finding.html", status, shown=shown, form=form, matched=matched)


def _page(template: str, status: int = 200, **values: object) -> Response:
    response = make_response(render_template(template, **values), status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
