"""Rooms of the venues where courses are held."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainings.core import paging
from trainings.core.i18n import _
from trainings.core.permissions import Permission
from trainings.courses import operations, programme_queries
from trainings.courses.forms import RoomForm
from trainings.web.access import requires, viewer
from trainings.web.fields import whole
from trainings.web.forms import flashing_refusal, showing_refusal

bp = Blueprint("courses_room", __name__)

P = Permission
ROOMS = 60  # on a page


@bp.get("/rooms")
@requires(P.AGENDA_EDIT)
def index() -> ResponseReturnValue:
    """All rooms by venue."""
    rooms, page, total = programme_queries.page_of_rooms(request.args.get("page", 1, whole), ROOMS)
    pages = paging.pages(total, ROOMS)
    return render_template("courses/rooms.html", rooms=rooms, page=page, pages=pages)


def _kept(room_id: str) -> dict[str, Any]:
    room = programme_queries.room(room_id)
    return {"venue": room.venue, "name": room.name, "seats": room.seats}


@bp.route("/rooms/new", methods=["GET", "POST"])
@bp.route("/rooms/<room_id>", methods=["GET", "POST"])
@requires(P.AGENDA_EDIT)
def edit(room_id: str | None = None) -> ResponseReturnValue:
    """Add a room, or change one."""
    if room_id is None:
        form = RoomForm(data={"venue": request.args.get("venue", "")})
    else:
        form = RoomForm.of(lambda: _kept(room_id))
    if form.validate_on_submit():
        with showing_refusal(form):
            operations.keep_room(
                room_id, form.venue.data, form.name.data, form.seats.data, by=viewer().account_id
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template(
        "courses/room_form.html", form=form, room_id=room_id, venues=programme_queries.venues()
    )


@bp.post("/rooms/<room_id>/remove")
@requires(P.AGENDA_EDIT)
def remove(room_id: str) -> ResponseReturnValue:
    """Remove a room that has no sessions."""
    with flashing_refusal():
        operations.remove_room(room_id, by=viewer().account_id)
        flash(_("Removed."), "success")
    return redirect(url_for(".index"), code=303)
