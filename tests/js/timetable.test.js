import assert from "node:assert/strict";
import { test } from "node:test";

import { body, outcome, Queue } from "../../static/js/timetable/acts.js";
import { dropped } from "../../static/js/timetable/calendar.js";
import { fields } from "../../static/js/timetable/dialogs.js";
import { meaning } from "../../static/js/timetable/keys.js";
import * as plan from "../../static/js/timetable/plan.js";

const DAY = "2027-03-28"; // clocks change in Europe
const NEXT = "2027-03-29";

function session(id, start, minutes = 60, more = {}) {
  return { id, version: 1, kind: "other", title: id, module: null, room: null, trainers: [], minutes, day: start ? DAY : null, start, ...more };
}

function table(...sessions) {
  return {
    state: "1",
    days: [{ day: DAY }, { day: NEXT }],
    sessions,
    modules: [],
    left: [],
    rooms: [{ id: "hall", name: "Hall", taken: [[`${DAY}T15:00`, `${DAY}T16:00`]] }],
    trainers: [{ id: "ruth", name: "Ruth", taken: [[`${NEXT}T09:00`, `${NEXT}T10:00`]] }],
    warnings: [],
  };
}

test("what people see otherwise differs, and what they see as it is does not", () => {
  const [same, moved, fresh] = [session("a", "09:00"), session("b", "10:00"), session("c", "12:00")];
  const before = { ...table(same, moved, fresh), published: { a: session("a", "09:00", 60, { version: 0 }), b: session("b", "11:00") } };
  assert.deepEqual([same, moved, fresh].map((one) => plan.differs(before, one)), [false, true, true]);
  const given = { ...same, trainers: ["ruth"] };
  assert.equal(plan.differs(before, given), true);
  assert.equal(plan.differs({ ...before, published: { a: { ...given } } }, given), false);
  assert.equal(plan.differs({ ...before, published: { a: { ...given, roles: { ruth: "co" } } } }, given), true);
  assert.equal(plan.differs({ ...before, published: null }, moved), false);
  assert.equal(plan.differs(before, session("w", null)), false);
});

test("an answer changes, adds and takes away; names stay where an answer leaves them out", () => {
  const before = table(session("a", "09:00"), session("b", "10:00"));
  const after = plan.applied(before, { state: "2", undo: "x", redo: null, sessions: [session("a", "11:00"), session("c", "12:00")], removed: ["b"] });
  assert.deepEqual(after.sessions.map((one) => [one.id, one.start]), [["a", "11:00"], ["c", "12:00"]]);
  const whole = plan.applied(before, { ...table(), trainers: [{ id: "ruth", name: null, taken: [] }] });
  assert.equal(whole.trainers[0].name, "Ruth");
  const trainers = [{ id: "new", name: null, taken: [] }, { id: "ruth", name: null, taken: [] }];
  const more = plan.applied(before, { ...table(), trainers });
  assert.deepEqual(more.trainers.map((one) => one.id), ["ruth", "new"]);
});

test("days stand side by side for a week at most, and none after the course", () => {
  const days = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].map((one) => ({ day: `2027-02-${one}` }));
  assert.equal(plan.columnsFrom({ days }, "2027-02-01"), 7);
  assert.equal(plan.columnsFrom({ days }, "2027-02-09"), 2);
  assert.equal(plan.columnsFrom({ days: days.slice(0, 4) }, "2027-02-01"), 4);
});

test("trainers stand with the role of those who do not lead", () => {
  const words = { in_co: "{trainer} (co-trainer)", in_observer: "{trainer} (observer)" };
  const here = { ...table(), trainers: [{ id: "a", name: "Ana" }, { id: "b", name: "Bea" }, { id: "c", name: null }, { id: "d", name: "Dora" }] };
  const one = session("s", "09:00", 60, { trainers: ["a", "b", "c", "d"], roles: { b: "co", d: "observer" } });
  assert.deepEqual(plan.trainers(here, one, words), ["Ana", "Bea (co-trainer)", "Dora (observer)"]);
});

test("sessions move together, over days and hours that a clock skips", () => {
  const [first, second] = plan.moved([session("a", "09:00"), session("b", "10:00")], NEXT, "02:30");
  assert.deepEqual([first.day, first.start, second.day, second.start], [NEXT, "02:30", NEXT, "03:30"]);
  assert.equal(plan.plusDays(DAY, 1), NEXT);
});

test("nothing goes outside the days, past midnight or below the shortest length", () => {
  const here = table();
  const fits = (one) => plan.fits(here, [one]);
  assert.equal(fits(session("a", "09:00", 5)), true);
  assert.equal(fits(session("a", "09:00", 4)), false);
  assert.equal(fits(session("a", "23:00", 60)), false);
  assert.equal(fits(session("a", "23:00", 59)), true);
  assert.equal(fits({ ...session("a", "09:00"), day: "2027-03-30" }), false);
  assert.equal(fits({ ...session("a", "09:00"), start: "-1:55" }), false);
});

test("a room or trainer needed twice is found here and elsewhere", () => {
  const here = table(session("a", "09:00", 60, { room: "hall" }), session("b", "12:00", 60, { trainers: ["ruth"] }));
  const found = (one) => plan.clashes(here, one);
  assert.deepEqual(found(session("c", "09:30", 60, { room: "hall" })), [{ room: "hall", other: "a" }]);
  assert.deepEqual(found(session("c", "10:00", 60, { room: "hall" })), []);
  assert.deepEqual(found(session("c", "14:30", 60, { room: "hall" })), [{ room: "hall" }]);
  assert.deepEqual(found(session("c", "12:55", 60, { trainers: ["ruth"] })), [{ trainer: "ruth", other: "b" }]);
  assert.deepEqual(found({ ...session("c", "09:30", 60, { trainers: ["ruth"] }), day: NEXT }), [{ trainer: "ruth" }]);
});

test("what waits goes to the first free time, on the day wished first", () => {
  const here = table(session("a", "09:00", 90), session("b", "10:30", 15));
  assert.deepEqual(plan.firstFree(here, 60, DAY), { day: DAY, start: "10:45" });
  assert.deepEqual(plan.firstFree(here, 60, NEXT), { day: NEXT, start: "09:00" });
  const full = table(session("a", "09:00", 600));
  assert.deepEqual(plan.firstFree(full, 60, DAY), { day: NEXT, start: "09:00" });
});

test("arrows go through a day and to the nearest of another", () => {
  const all = [session("a", "09:00"), session("b", "14:00"), { ...session("c", "13:00"), day: NEXT }];
  assert.equal(plan.neighbour(all, "a", "ArrowDown"), "b");
  assert.equal(plan.neighbour(all, "b", "ArrowRight"), "c");
  assert.equal(plan.neighbour(all, "c", "ArrowLeft"), "b");
  assert.equal(plan.neighbour(all, "a", "ArrowUp"), undefined);
});

test("a drop counts by how far it went, never by this computer's clock", () => {
  const one = session("a", "01:30", 60, { trainers: ["ruth"] });
  const far = (seconds) => ({ delta: { days: 0, seconds } });
  assert.deepEqual([dropped(one, far(3600), "days").day, dropped(one, far(3600), "days").start], [DAY, "02:30"]);
  assert.deepEqual([dropped(one, far(86400), "days").day, dropped(one, far(86400), "days").start], [NEXT, "01:30"]);
  const longer = dropped(one, { startDelta: { seconds: 0 }, endDelta: { seconds: 1800 } }, "days");
  assert.deepEqual([longer.start, longer.minutes], ["01:30", 90]);
  const earlier = dropped(one, { startDelta: { seconds: -1800 }, endDelta: { seconds: 0 } }, "days");
  assert.deepEqual([earlier.start, earlier.minutes], ["01:00", 90]);
  const column = { delta: { seconds: 0 }, newResource: { id: "none" }, oldResource: { id: "ruth" } };
  assert.deepEqual(dropped(one, column, "trainers").trainers, []);
  assert.equal(dropped({ ...one, room: "hall" }, column, "rooms").room, null);
});

test("keys: arrows go or move, letters act, the browser keeps its own", () => {
  const key = (name, more = {}) => ({ key: name, ...more });
  assert.deepEqual(meaning(key("ArrowDown"), null), { go: "ArrowDown" });
  assert.deepEqual(meaning(key("ArrowDown"), {}), { days: 0, minutes: 5 });
  assert.deepEqual(meaning(key("ArrowUp", { shiftKey: true }), {}), { days: 0, minutes: -30 });
  assert.deepEqual(meaning(key("Escape"), {}), { act: "back" });
  assert.deepEqual(meaning(key("3"), null), { trainer: 2 });
  assert.deepEqual(meaning(key("z", { ctrlKey: true }), null), { act: "undo" });
  assert.equal(meaning(key("r", { ctrlKey: true }), null), null);
  assert.equal(meaning(key("ArrowLeft", { altKey: true }), null), null);
});

test("what an answer means", () => {
  assert.equal(outcome(null, null), "unsent");
  assert.equal(outcome({ status: 503 }, null), "unsent");
  assert.equal(outcome({ status: 200 }, {}), "done");
  assert.equal(outcome({ status: 409 }, {}), "changed");
  assert.equal(outcome({ status: 422 }, {}), "refused");
  assert.equal(outcome({ status: 400 }, null), "expired");
  assert.equal(outcome({ status: 0, type: "opaqueredirect" }, null), "expired");
  assert.equal(outcome({ status: 404 }, null), "lost");
});

function memory() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key) };
}

function sender(storage, answers, heard, sent = []) {
  const hear = (name) => (_answer, one) => heard.push([name, one?.act]);
  const on = { fresh: (one) => one, waiting: () => {} };
  for (const name of ["done", "refused", "changed", "expired", "lost"]) on[name] = hear(name);
  return new Queue({
    url: "/acts",
    csrf: "token",
    storage,
    key: "key",
    on,
    later: (act) => queueMicrotask(act),
    fetch: async (url, options) => {
      sent.push([url, new URLSearchParams(options.body).get("form_token")]);
      const status = answers.shift() ?? 200;
      if (!status) throw new TypeError("no network");
      return { status, json: async () => ({}) };
    },
  });
}

test("acts go one after the other; what did not arrive is sent again with the same token", async () => {
  const [heard, sent] = [[], []];
  const queue = sender(memory(), [0, 503, 200, 422], heard, sent);
  await queue.send("move", { session: ["a"] });
  await queue.send("swap", {});
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(heard, [["done", "move"], ["refused", "swap"]]);
  assert.deepEqual(sent.map(([url]) => url), ["/acts/move", "/acts/move", "/acts/move", "/acts/swap"]);
  assert.equal(new Set(sent.map(([, token]) => token)).size, 2);
  assert.equal(queue.size(), 0);
});

test("what is not saved outlives the page, and waits for who was signed out", async () => {
  const storage = memory();
  const heard = [];
  await sender(storage, [400], heard).send("move", { session: ["a"] });
  assert.deepEqual(heard, [["expired", undefined]]);
  const again = sender(storage, [200], heard);
  assert.equal(again.size(), 1);
  await again.next();
  assert.deepEqual(heard.at(-1), ["done", "move"]);
  assert.equal(storage.getItem("key"), null);
});

test("an act's body names each value, and leaves out what is not said", () => {
  const sent = body({ session: ["a", "b"], room: "", add: undefined }, "t");
  assert.equal(String(sent), "form_token=t&session=a&session=b&room=");
  assert.deepEqual(fields(new Map([["days", DAY], ["since", "09:00"]])), { days: [DAY], since: "09:00" });
});
