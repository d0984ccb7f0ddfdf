"""A certificate and an exception put into the register by hand: nobody earned or asked for them."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf

from trainings.core import clock, files, sealed
from trainings.core.db import new_key, transaction
from trainings.core.permissions import Viewer
from trainings.printing.rules import CertificateDocument, Wording
from trainings.register import document
from trainings.register import register_mac as vouching
from trainings.register import writes as certificates
from trainings.register.models import Waiver
from trainings.register.rules import Kind


def certificate(course_id: str, registration_id: str, holder: Viewer) -> str:
    """A certificate that is ready, with an empty page as its file; gives its id."""
    with transaction() as session:
        made = certificates.add(
            session,
            key=new_key(),
            kind=Kind.COMPLETION,
            course_id=course_id,
            person_id=holder.person_id or "",
            language="es",
            token=new_key(),
            serial="DONE27-7F3K9Q-X",
            course_titles={"en": "Course"},
            agencies=[{"en": "IOM"}],
            ended_on=clock.now().date() - timedelta(days=7),
            minutes=1200,
            frozen=document.freeze(paper()),
            by=None,
            registration_id=registration_id,
        )
        session.flush()
        file = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(file)
        kept = files.store(file.getvalue(), certificates.data_key(made) or b"")
        certificates.make_ready(made, file_name=kept, digest="0" * 64, signed=False)
        certificates.record_issue(
            session, [(made.id, vouching.issue_details(made))], course_id, None
        )
        return made.id


def paper() -> CertificateDocument:
    """What a certificate says, with each word in its own place."""
    words = {
        name: name
        for name in (
            "document_title",
            "heading",
            "subheading",
            "certifies",
            "holder_line",
            "completed",
            "course_title",
            "when_and_where",
            "modules_label",
            "serial_label",
            "verify_label",
            "code_text",
        )
    }
    return CertificateDocument(
        first=Wording(language="es", modules=(), **words),
        holder_name="Ana Ejemplo",
        serial="DONE27-7F3K9QX",
        verify_url="http://trainings.example/verify/x",
        short_url="trainings.example/verify",
        marks=(),
        signatories=(),
    )


def waiver(registration_id: str) -> None:
    """An exception that an organiser who is nobody here asked for."""
    with transaction() as session:
        session.add(
            Waiver(
                registration_id=registration_id,
                asked_by=new_key(),
                asked_at=clock.now(),
                reason=sealed.seal("Illness", f"certificate_waiver|reason|{registration_id}"),
            )
        )
