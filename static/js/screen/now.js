/* What takes place now and next in a course, of its agenda and the time: nothing of the page. */

const LATER = 6; // sessions that fit beside what takes place

/** The day of a moment (in seconds) where the course is, as the agenda writes it: 2027-01-25. */
export function dayOf(seconds, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  return parts.format(new Date(seconds * 1000));
}

/** The time of a moment where the course is: 09:05. */
export function timeOf(seconds, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  return parts.format(new Date(seconds * 1000));
}

/**
 * What to show at a moment: its state, what takes place, what comes next on which day.
 * States: empty, cancelled, before (the course), now, between (two sessions of a day), evening, over.
 */
export function at({ sessions, zone, cancelled }, seconds) {
  const nothing = { now: [], next: [], day: "" };
  if (cancelled) return { state: "cancelled", ...nothing };
  if (!sessions.length) return { state: "empty", ...nothing };
  const now = sessions.filter(({ start, end }) => start <= seconds && seconds < end);
  const ahead = sessions.filter(({ start }) => start > seconds).sort((a, b) => a.start - b.start);
  const day = ahead.length ? ahead[0].day : "";
  const today = dayOf(seconds, zone);
  const sameDay = day === today;
  const next = ahead.filter((one) => one.day === day && (sameDay || !now.length)).slice(0, LATER);
  if (now.length) return { state: "now", now, next: sameDay ? next : [], day };
  if (!ahead.length) return { state: "over", ...nothing };
  if (sameDay) return { state: "between", now, next, day };
  return { state: sessions.some(({ start }) => start <= seconds) ? "evening" : "before", now, next, day };
}

/** Which of several languages is shown at a moment: each for so many seconds, in turn. */
export function inTurn(languages, seconds, each = 20) {
  return languages[Math.floor(seconds / each) % languages.length];
}

/** How far the clock of this computer is behind that of the server, in seconds. */
export function behind(server, here) {
  return Number.isFinite(server) ? server - here : 0;
}
