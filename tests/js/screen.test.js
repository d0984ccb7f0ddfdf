import assert from "node:assert/strict";
import { test } from "node:test";

import { at, behind, dayOf, inTurn, timeOf } from "../../static/js/screen/now.js";

const ZONE = "America/Argentina/Buenos_Aires";
const moment = (day, time) => Date.parse(`${day}T${time}:00-03:00`) / 1000;
const session = (day, from, to, title) => ({ day, start: moment(day, from), end: moment(day, to), title });
const MONDAY = "2027-01-25";
const TUESDAY = "2027-01-26";
const agenda = {
  zone: ZONE,
  cancelled: false,
  sessions: [
    session(MONDAY, "09:00", "10:30", "Opening"),
    session(MONDAY, "11:00", "12:30", "Room A"),
    session(MONDAY, "11:00", "13:00", "Room B"),
    session(MONDAY, "15:00", "16:00", "Last"),
    session(TUESDAY, "09:00", "10:00", "Second day"),
  ],
};
const names = (some) => some.map(({ title }) => title);
const shown = (day, time) => {
  const { state, now, next } = at(agenda, moment(day, time));
  return [state, names(now), names(next)];
};

test("before the course: the first day", () => {
  assert.deepEqual(shown("2027-01-20", "12:00"), ["before", [], ["Opening", "Room A", "Room B", "Last"]]);
  assert.deepEqual(shown(MONDAY, "08:00"), ["between", [], ["Opening", "Room A", "Room B", "Last"]]);
});

test("a session begins with its minute and is over with its end", () => {
  assert.deepEqual(shown(MONDAY, "09:00"), ["now", ["Opening"], ["Room A", "Room B", "Last"]]);
  assert.deepEqual(shown(MONDAY, "10:29"), ["now", ["Opening"], ["Room A", "Room B", "Last"]]);
  assert.deepEqual(shown(MONDAY, "10:30"), ["between", [], ["Room A", "Room B", "Last"]]);
});

test("sessions at the same time stand side by side, each until its own end", () => {
  assert.deepEqual(shown(MONDAY, "11:30"), ["now", ["Room A", "Room B"], ["Last"]]);
  assert.deepEqual(shown(MONDAY, "12:45"), ["now", ["Room B"], ["Last"]]);
});

test("the last of a day says nothing of tomorrow; then tomorrow is next", () => {
  assert.deepEqual(shown(MONDAY, "15:30"), ["now", ["Last"], []]);
  assert.deepEqual(shown(MONDAY, "18:00"), ["evening", [], ["Second day"]]);
  assert.deepEqual(shown(TUESDAY, "08:00"), ["between", [], ["Second day"]]);
});

test("after the course, without an agenda, and cancelled", () => {
  assert.deepEqual(shown(TUESDAY, "10:00"), ["over", [], []]);
  assert.equal(at({ ...agenda, sessions: [] }, 0).state, "empty");
  assert.equal(at({ ...agenda, cancelled: true }, moment(MONDAY, "09:30")).state, "cancelled");
});

test("no more than fit", () => {
  const many = Array.from({ length: 20 }, (_one, number) => session(MONDAY, "09:00", "10:00", `${number}`));
  assert.equal(at({ ...agenda, sessions: many }, moment(MONDAY, "08:00")).next.length, 6);
});

test("day and time are those of the course, wherever the screen is", () => {
  const late = Date.parse("2027-01-26T01:30:00Z") / 1000;
  assert.equal(dayOf(late, ZONE), MONDAY);
  assert.equal(timeOf(late, ZONE), "22:30");
  assert.equal(timeOf(Date.parse("2027-01-26T03:00:00Z") / 1000, ZONE), "00:00");
  assert.equal(timeOf(Date.parse("2027-03-28T00:59:00Z") / 1000, "Europe/Paris"), "01:59");
  assert.equal(timeOf(Date.parse("2027-03-28T01:01:00Z") / 1000, "Europe/Paris"), "03:01");
});

test("languages take turns", () => {
  assert.equal(inTurn(["es"], 12345), "es");
  assert.deepEqual([0, 19, 20, 39, 40].map((second) => inTurn(["es", "en"], second)), ["es", "es", "en", "en", "es"]);
});

test("a wrong clock of the screen is put right; without the server's it stays", () => {
  assert.equal(behind(1000, 400), 600);
  assert.equal(behind(Number.NaN, 400), 0);
});
