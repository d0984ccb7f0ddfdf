/* Draws the timetable with the calendar library, and turns what was dragged into acts. */
import { clashes, clock, columnsFrom, dayOf, differs, events, fits, hours, minutes, plusDays, room, span, title, trainers } from "./plan.js";
import { fill } from "../words.js";

const DAY = 24 * 60; // minutes
const VIEWS = { days: "timeGridWeek", rooms: "resourceTimeGridDay", trainers: "resourceTimeGridDay" };

/** The session as it would be where the calendar shows it; ``drop``: what the calendar says.
    Only by how much it was moved is used: the calendar's dates are those of this computer's zone,
    in which an hour of the course's place may not exist. */
export function dropped(session, drop, view) {
  const by = (duration) => (duration?.days ?? 0) * DAY + Math.round((duration?.seconds ?? 0) / 60);
  const later = by(drop.delta ?? drop.startDelta);
  const longer = drop.delta ? 0 : by(drop.endDelta) - later;
  const total = minutes(session.start) + later;
  const days = Math.floor(total / DAY);
  const there = { ...session, day: plusDays(session.day, days), start: clock(total - days * DAY), minutes: session.minutes + longer };
  if (!drop.newResource) return there;
  const [to, from] = [drop.newResource.id, drop.oldResource?.id].map((id) => (id === "none" ? null : id));
  if (view === "rooms") return { ...there, room: to };
  const stay = session.trainers.filter((one) => one !== from);
  return { ...there, trainers: to ? [...new Set([...stay, to])].sort() : stay };
}

/** The sentence that says what a session would need twice; nothing where it is free. */
export function clashWords(editor, session) {
  const [first] = clashes(editor.plan, session);
  if (!first) return "";
  if (first.room) return fill(editor.words.clash_room, { room: room(editor.plan, session) });
  const giver = editor.plan.trainers.find((one) => one.id === first.trainer);
  return fill(editor.words.clash_trainer, { trainer: giver?.name ?? editor.words.trainer });
}

function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

function content(editor, event) {
  const session = editor.session(event.id);
  if (!session) return { domNodes: [part("session-taken-word", event.id.startsWith("away-") ? editor.words.away : editor.words.taken)] };
  const { start, end } = span(session);
  const box = document.createElement("button");
  Object.assign(box, { type: "button", className: "session-in", tabIndex: session.id === editor.tabStop() ? 0 : -1 });
  box.dataset.session = session.id;
  box.setAttribute("aria-pressed", String(editor.chosen.has(session.id)));
  const words = [room(editor.plan, session), trainers(editor.plan, session, editor.words).join(", ")].filter(Boolean).join(" · ");
  const day = dayOf(editor.plan, session.day)?.label ?? "";
  const head = part("session-head", "");
  head.append(part("visually-hidden", `${day} `), part("session-time", `${clock(start)}–${clock(end)}`), " ", part("session-title", title(editor.plan, session, editor.words)));
  box.append(head);
  if (words) box.append(part("session-note", words));
  if (differs(editor.plan, session)) box.append(part("session-differs", editor.words.differs));
  const lacking = editor.plan.warnings.filter((one) => one.session === session.id);
  if (lacking.length) {
    const mark = part("session-mark", "!");
    mark.title = lacking.map((one) => editor.named(one.text)).join(" ");
    mark.setAttribute("aria-hidden", "true");
    box.append(mark, part("visually-hidden", `${editor.words.lacking}: ${mark.title}`));
  }
  return { domNodes: [box] };
}

function resources(editor) {
  const { view, plan, words } = editor;
  if (view === "rooms") return [...plan.rooms.map((one) => ({ id: one.id, title: one.name })), { id: "none", title: words.none_room }];
  if (view !== "trainers") return [];
  return [...plan.trainers.map((one) => ({ id: one.id, title: one.name ?? words.trainer })), { id: "none", title: words.none_trainer }];
}

/** The part of the calendar's options that follows from the plan and the chosen view. */
function shown(editor) {
  const { first, last } = hours(editor.plan);
  return {
    view: VIEWS[editor.view],
    date: editor.view === "days" ? editor.firstDay : editor.day,
    duration: { days: editor.view === "days" ? columnsFrom(editor.plan, editor.firstDay) : 1 },
    resources: resources(editor),
    columnWidth: editor.view === "days" ? undefined : "8rem",
    slotMinTime: first,
    slotMaxTime: last,
    events: events(editor.plan, editor.view),
  };
}

function classes(editor, event) {
  const found = [...event.classNames];
  if (editor.chosen.has(event.id)) found.push("is-chosen");
  if (editor.held?.id === event.id) found.push("is-held");
  if (editor.unsent.has(event.id)) found.push("is-unsent");
  return found;
}

function may(editor, drop) {
  const session = editor.session(drop.event.id);
  const there = session && dropped(session, drop, editor.view);
  if (!there || !fits(editor.plan, [there]) || onHead(drop.jsEvent)) return false;
  editor.note(clashWords(editor, there), "warning");
  return true;
}

/** The time of day, in steps of five minutes, at a part of the height of the hours that are shown. */
export function timeAt({ first, last }, part) {
  const [from, to] = [minutes(first), minutes(last)];
  const total = from + Math.floor((part * (to - from)) / 5) * 5;
  return clock(Math.min(Math.max(total, from), to - 5));
}

/** The day of one of the calendar's dates, which are those of this computer's zone. */
function localDay(date) {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** Whether a drag is over the heads of the columns, where no time is. */
function onHead(event) {
  return document.elementsFromPoint(event.clientX, event.clientY).some((one) => one.closest(".ec-col-head"));
}

/** What never changes about the calendar. */
function looks() {
  return {
    locale: document.documentElement.lang,
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    editable: true,
    snapDuration: "00:05",
    slotDuration: "00:30",
    slotHeight: 30,
    height: "auto",
    slotEventOverlap: false,
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    noEventsContent: "",
  };
}

/** The library calls its grid a table, whose cells the sessions are not in: to those who listen it is
    a group of buttons, each of which says its day. */
function withoutTable(element) {
  const roles = ["table", "rowgroup", "row", "columnheader", "rowheader", "cell"].map((role) => `[role=${role}]`).join();
  const plain = () => {
    for (const one of element.querySelectorAll(roles)) {
      one.setAttribute("role", "none");
      for (const name of one.getAttributeNames()) if (/^aria-(col|row)/.test(name)) one.removeAttribute(name);
    }
  };
  new MutationObserver(plain).observe(element, { childList: true, subtree: true });
  plain();
}

/** The calendar in an element. ``editor`` is asked what to draw and told what was done. */
export function calendar(element, editor, library) {
  const done = (act) => (drop) => {
    const session = editor.session(drop.event.id);
    const there = dropped(session, drop, editor.view);
    if (fits(editor.plan, [there]) && !onHead(drop.jsEvent)) act(session, there);
    else drop.revert();
  };
  const made = library.create(element, {
    ...looks(),
    ...shown(editor),
    dayHeaderFormat: (date) => dayOf(editor.plan, localDay(date))?.head ?? "",
    dayHeaderAriaLabelFormat: (date) => dayOf(editor.plan, localDay(date))?.label ?? "",
    eventContent: ({ event }) => content(editor, event),
    eventClassNames: ({ event }) => classes(editor, event),
    dragConstraint: (drop) => may(editor, drop),
    resizeConstraint: (drop) => may(editor, drop),
    eventDrop: done((session, there) => editor.drop(session, there)),
    eventResize: done((session, there) => editor.resize(session, there)),
  });
  withoutTable(element);
  return {
    draw() {
      for (const [name, value] of Object.entries(shown(editor))) made.setOption(name, value);
    },
    fromPoint(x, y) {
      const found = made.dateFromPoint(x, y);
      if (!found || found.allDay || onHead({ clientX: x, clientY: y })) return null;
      const { top, height } = found.dayEl.getBoundingClientRect();
      const start = timeAt(hours(editor.plan), (y - top) / height);
      return { day: localDay(found.date), start, resource: found.resource?.id };
    },
  };
}
