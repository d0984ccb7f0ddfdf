/* The timetable as plain values: what an answer of the server makes of it, what the calendar draws,
   where something is free. Times are texts of the course's place: "2027-01-18T09:00". */
import { fill } from "../words.js";

export const SHORTEST = 5; // minutes of a session
const WEEK = 7; // days
const SHORT = 30; // up to so many there is room for one small line
const FIRST_HOUR = 8;
const LAST_HOUR = 19;

const two = (number) => String(number).padStart(2, "0");

/** Minutes since midnight of "09:30". */
export function minutes(time) {
  const [hour, minute] = time.split(":").map(Number);
  return hour * 60 + minute;
}

/** "09:30" of minutes since midnight. */
export function clock(total) {
  return `${two(Math.floor(total / 60))}:${two(total % 60)}`;
}

/** When a session begins and ends, in minutes of its day; nothing where it waits. */
export function span(session) {
  if (!session.day) return null;
  const start = minutes(session.start);
  return { start, end: start + session.minutes };
}

/** The plan after an answer: a whole plan, or the sessions of one act. Names of
    trainers stay, and their order, by which keys choose them. */
export function applied(plan, answer) {
  if (answer.days) {
    const known = new Map((plan.trainers ?? []).map(({ id, name }, place) => [id, { name, place }]));
    const place = (one) => known.get(one.id)?.place ?? known.size;
    const trainers = answer.trainers
      .map((one) => ({ ...one, name: one.name ?? known.get(one.id)?.name ?? null }))
      .sort((one, other) => place(one) - place(other));
    return { ...plan, ...answer, trainers };
  }
  if (!answer.sessions) return plan;
  const changed = new Map(answer.sessions.map((one) => [one.id, one]));
  const gone = new Set(answer.removed);
  const kept = plan.sessions.filter((one) => !gone.has(one.id)).map((one) => changed.get(one.id) ?? one);
  const known = new Set(plan.sessions.map((one) => one.id));
  const added = answer.sessions.filter((one) => !known.has(one.id));
  return { ...plan, state: answer.state, undo: answer.undo, redo: answer.redo, sessions: [...kept, ...added] };
}

const SEEN = ["kind", "title", "module", "room", "minutes", "day", "start"];

/** Whether people see a session otherwise, or not at all, in the agenda that is published. */
export function differs({ published }, session) {
  if (!published || !session.day) return false;
  const seen = published[session.id];
  return !seen || SEEN.some((name) => seen[name] !== session[name]) || givers(seen) !== givers(session);
}

/** How a trainer of a session takes part: "lead", "co" or "observer". */
export function role(session, trainer) {
  return session.roles?.[trainer] ?? "lead";
}

function givers(session) {
  return session.trainers.map((one) => `${one} ${role(session, one)}`).sort().join();
}

/** The plan as it will be when sessions are as given, until the server has said so. */
export function meanwhile(plan, sessions) {
  const changed = new Map(sessions.map((one) => [one.id, one]));
  return { ...plan, sessions: plan.sessions.map((one) => changed.get(one.id) ?? one) };
}

/** Sessions moved together: the first to a day and time, the others by as much. */
export function moved(sessions, day, start) {
  const [first] = sessions;
  const days = first.day ? between(first.day, day) : 0;
  const later = first.day ? minutes(start) - minutes(first.start) : 0;
  return sessions.map((one) =>
    one.day ? { ...one, day: plusDays(one.day, days), start: clock(minutes(one.start) + later) } : { ...one, day, start },
  );
}

/** Whether sessions lie within the course's days, end before midnight and are long enough. */
export function fits(plan, sessions) {
  const days = new Set(plan.days.map((one) => one.day));
  return sessions.every((one) => {
    const at = one.day && span(one);
    return at && days.has(one.day) && at.start >= 0 && at.end < 24 * 60 && one.minutes >= SHORTEST;
  });
}

function between(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
}

export function plusDays(day, number) {
  return new Date(Date.parse(day) + number * 86400000).toISOString().slice(0, 10);
}

/** A day of the course with its names: ``label`` in full, ``head`` at the head of a column. */
export function dayOf(plan, day) {
  return plan.days.find((one) => one.day === day);
}

/** How many days stand side by side from one on: a week at most, none after the course. */
export function columnsFrom(plan, day) {
  return Math.min(plan.days.length - plan.days.findIndex((one) => one.day === day), WEEK);
}

/** What a session is called: by its title, else by its module or kind. */
export function title(plan, session, words) {
  const module = plan.modules.find((one) => one.id === session.module);
  return session.title || module?.title || words[session.kind] || "";
}

/** Names of a session's trainers, with the role of those who do not lead; one without a name
    yet is left out. */
export function trainers(plan, session, words) {
  const known = new Map(plan.trainers.map((one) => [one.id, one.name]));
  return session.trainers
    .filter((one) => known.get(one))
    .map((one) => fill(words[`in_${role(session, one)}`] ?? "{trainer}", { trainer: known.get(one) }));
}

export function room(plan, session) {
  return plan.rooms.find((one) => one.id === session.room)?.name ?? "";
}

/** Who or what a session would need twice: other sessions here, and times taken elsewhere. */
export function clashes(plan, session) {
  const at = span(session);
  if (!at) return [];
  const over = (start, end) => start < at.end && at.start < end;
  const found = [];
  for (const other of plan.sessions) {
    const there = other.id !== session.id && other.day === session.day && span(other);
    if (!there || !over(there.start, there.end)) continue;
    if (session.room && other.room === session.room) found.push({ room: session.room, other: other.id });
    for (const one of session.trainers) if (other.trainers.includes(one)) found.push({ trainer: one, other: other.id });
  }
  const taken = (list) =>
    (list ?? []).some(([start, end]) => `${session.day}T${session.start}` < end && start < `${session.day}T${clock(at.end)}`);
  if (session.room && taken(plan.rooms.find((one) => one.id === session.room)?.taken)) found.push({ room: session.room });
  for (const one of session.trainers) {
    if (taken(plan.trainers.find((each) => each.id === one)?.taken)) found.push({ trainer: one });
  }
  return found;
}

/** The first day and time at which so many minutes are free of every session; the day wished first. */
export function firstFree(plan, wanted, day) {
  const order = [day, ...plan.days.map((one) => one.day).filter((one) => one !== day)].filter(Boolean);
  for (const one of order) {
    const busy = plan.sessions
      .filter((each) => each.day === one)
      .map(span)
      .sort((a, b) => a.start - b.start);
    let start = busy.length ? Math.min(busy[0].start, 9 * 60) : 9 * 60;
    for (const each of busy) if (each.start < start + wanted && start < each.end) start = each.end;
    if (start + wanted <= LAST_HOUR * 60) return { day: one, start: clock(start) };
  }
  return { day: order[0], start: "09:00" };
}

/** What the calendar draws in a view ("days", "rooms", "trainers"). */
export function events(plan, view) {
  const drawn = plan.sessions
    .filter((one) => one.day)
    .map((one) => ({
      id: one.id,
      start: `${one.day}T${one.start}:00`,
      end: `${one.day}T${clock(minutes(one.start) + one.minutes)}:00`,
      resourceIds: columns(one, view),
      classNames: ["session", `session-${one.kind}`, ...(one.minutes <= SHORT ? ["session-short"] : [])],
      extendedProps: { version: one.version },
    }));
  const elsewhere = { rooms: plan.rooms, trainers: plan.trainers }[view] ?? [];
  for (const one of elsewhere) {
    for (const kind of ["away", "taken"]) {
      for (const [start, end] of one[kind] ?? []) {
        drawn.push({ id: `${kind}-${one.id}-${start}`, start: `${start}:00`, end: `${end}:00`, resourceIds: [one.id], display: "background", classNames: [`session-${kind}`] });
      }
    }
  }
  return drawn;
}

function columns(session, view) {
  if (view === "rooms") return [session.room || "none"];
  if (view === "trainers") return session.trainers.length ? session.trainers : ["none"];
  return [];
}

/** The hours that the calendar shows: the usual ones, and all that sessions need. */
export function hours(plan) {
  const spans = plan.sessions.map(span).filter(Boolean);
  const first = Math.min(FIRST_HOUR * 60, ...spans.map((one) => one.start));
  const last = Math.max(LAST_HOUR * 60, ...spans.map((one) => one.end));
  return { first: `${two(Math.floor(first / 60))}:00:00`, last: `${two(Math.ceil(last / 60))}:00:00` };
}

/** The sessions in the order in which the arrows go through them: by day, by time. */
export function inOrder(sessions) {
  return sessions
    .filter((one) => one.day)
    .sort((a, b) => a.day.localeCompare(b.day) || a.start.localeCompare(b.start) || a.id.localeCompare(b.id));
}

/** Where an arrow leads from a session: to the one before or after, or to the nearest of another day. */
export function neighbour(sessions, from, key) {
  const order = inOrder(sessions);
  const here = order.find((one) => one.id === from);
  if (!here) return order[0]?.id;
  if (key === "ArrowDown" || key === "ArrowUp") {
    return order[order.indexOf(here) + (key === "ArrowDown" ? 1 : -1)]?.id;
  }
  const days = [...new Set(order.map((one) => one.day))];
  const day = days[days.indexOf(here.day) + (key === "ArrowRight" ? 1 : -1)];
  const there = order.filter((one) => one.day === day);
  const far = (one) => Math.abs(minutes(one.start) - minutes(here.start));
  return there.sort((a, b) => far(a) - far(b))[0]?.id;
}
