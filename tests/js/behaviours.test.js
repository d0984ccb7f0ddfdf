import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { between, master } from "../../static/js/behaviours/choosing.js";
import { act } from "../../static/js/behaviours/presence.js";
import { placeAt, sent } from "../../static/js/behaviours/rank.js";
import { refusal } from "../../static/js/behaviours/save.js";
import { waits } from "../../static/js/behaviours/send_once.js";
import { fits } from "../../static/js/behaviours/upload.js";
import { distance } from "../../static/js/behaviours/tabs.js";
import { forget, keep, kept, number, outcome, overtaken } from "../../static/js/behaviours/unsent.js";

const folder = new URL("../../static/js/behaviours/", import.meta.url);

for (const name of readdirSync(folder)) {
  test(`${name} can be started or listens`, async () => {
    const behaviour = await import(new URL(name, folder));
    assert.ok(behaviour.start || behaviour.listen);
    assert.equal(Boolean(behaviour.start), Boolean(behaviour.selector));
    if (behaviour.selector) assert.match(behaviour.selector, /^\w*\[data-[a-z-]+\]$/);
  });
}

test("the box above all rows shows none, some, all", () => {
  assert.deepEqual(master(0, 3), { checked: false, indeterminate: false });
  assert.deepEqual(master(2, 3), { checked: false, indeterminate: true });
  assert.deepEqual(master(3, 3), { checked: true, indeterminate: false });
  assert.deepEqual(master(0, 0), { checked: false, indeterminate: false });
});

test("a range goes both ways, and needs a row that is still there", () => {
  assert.deepEqual(between(["a", "b", "c"], "a", "c"), ["a", "b", "c"]);
  assert.deepEqual(between(["a", "b", "c"], "c", "b"), ["b", "c"]);
  assert.deepEqual(between(["a", "b", "c"], "gone", "b"), ["b"]);
  assert.deepEqual(between(["a", "b", "c"], null, "b"), ["b"]);
});

test("a count that was made earlier does not replace a later one", () => {
  const at = (moment) => ({ dataset: moment === undefined ? {} : { at: String(moment) } });
  assert.equal(overtaken(at(1764471600000001), at(1764471600000002)), true);
  assert.equal(overtaken(at(1764471600000002), at(1764471600000001)), false);
  assert.equal(overtaken(at(5), at(5)), false);
  assert.equal(overtaken(at(5), at()), false);
});

test("attendance keys step or mark, and leave the browser its own", () => {
  assert.deepEqual(act({ key: "ArrowDown" }), { step: 1 });
  assert.deepEqual(act({ key: "ArrowUp" }), { step: -1 });
  assert.deepEqual(act({ key: "P" }), { letter: "p" });
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.deepEqual(act({ key: "p", [held]: true }), {});
});

test("what was not saved is said, and a refusal in its own words", () => {
  const [post, get] = [{ verb: "post" }, { verb: "get" }];
  assert.equal(refusal({ requestConfig: post }, "Not saved"), "Not saved");
  assert.equal(refusal({ requestConfig: get }, "Not saved"), "");
  assert.equal(refusal({ requestConfig: post, xhr: { status: 409, responseText: "Closed." } }, "Not saved"), "Closed.");
  assert.equal(refusal({ requestConfig: post, xhr: { status: 500, responseText: "<h1>" } }, "Not saved"), "Not saved");
});

test("a form that changes something or makes a file is sent once", () => {
  const form = (method, download) => ({ method, hasAttribute: (name) => download && name === "data-download" });
  assert.equal(waits(form("POST", false)), true);
  assert.equal(waits(form("get", true)), true);
  assert.equal(waits(form("get", false)), false);
});

test("a tab beyond the edge is scrolled into the middle, one in sight stays", () => {
  const row = { left: 0, right: 300, width: 300 };
  assert.equal(distance(row, { left: 100, right: 180, width: 80 }), 0);
  assert.equal(distance(row, { left: 400, right: 500, width: 100 }), 300);
});

/** What a browser's storage does, as far as we use it. */
class Storage {
  #values = new Map();
  get length() {
    return this.#values.size;
  }
  key(place) {
    return [...this.#values.keys()][place];
  }
  getItem(key) {
    return this.#values.get(key) ?? null;
  }
  setItem(key, value) {
    this.#values.set(key, value);
  }
  removeItem(key) {
    this.#values.delete(key);
  }
}

test("a choice is kept until it arrived, and the last one counts", () => {
  const storage = new Storage();
  keep(storage, "me./one", "mark-a", "late");
  keep(storage, "me./one", "mark-a", "present");
  keep(storage, "me./one", "mark-b", "absent");
  keep(storage, "me./two", "mark-a", "late");
  assert.deepEqual(kept(storage, "me./one"), { "mark-a": "present", "mark-b": "absent" });
  assert.equal(number(storage), 3);
  keep(storage, "me./one", "mark-a");
  keep(storage, "me./one", "mark-b");
  assert.equal(number(storage), 1);
  assert.equal(storage.length, 1);
});

test("what others left is forgotten, and all of it by signing out", () => {
  const storage = new Storage();
  storage.setItem("other", "stays");
  keep(storage, "me./one", "mark-a", "late");
  keep(storage, "you./one", "mark-a", "late");
  forget(storage, "me");
  assert.equal(number(storage), 1);
  forget(storage);
  assert.equal(number(storage), 0);
  assert.equal(storage.getItem("other"), "stays");
});

test("what is kept may be nonsense, and storage may be full", () => {
  const storage = new Storage();
  for (const odd of ["", "{", "[1]", "null", "3"]) {
    storage.setItem("trainings.unsent.me", odd);
    assert.deepEqual(kept(storage, "me"), {});
  }
  storage.setItem = () => {
    throw new Error("full");
  };
  keep(storage, "me", "mark-a", "late");
});

test("only an answer that counts the entries says that one arrived", () => {
  assert.equal(outcome({ status: 200, responseText: '<b id="marked" hx-swap-oob="true">2</b>' }), "saved");
  assert.equal(outcome({ status: 200, responseText: "<h1>Sign in</h1>" }), "unsent");
  assert.equal(outcome({ status: 409, responseText: "The course is over." }), "refused");
  assert.equal(outcome({ status: 0, responseText: "" }), "unsent");
  assert.equal(outcome({ status: 503, responseText: "" }), "unsent");
});

test("a file beyond the bound is not sent; none chosen is for the server to say", () => {
  assert.equal(fits([{ size: 10 }], 10), true);
  assert.equal(fits([{ size: 11 }], 10), false);
  assert.equal(fits([], 10), true);
});

test("a row that is let go goes behind all whose middle lies above", () => {
  assert.equal(placeAt([10, 30, 50], 5), 0);
  assert.equal(placeAt([10, 30, 50], 31), 2);
  assert.equal(placeAt([10, 30, 50], 99), 3);
  assert.equal(sent("R-1", ["R-2", "R-3"], 1), "R-1 R-3");
  assert.equal(sent("R-1", ["R-2", "R-3"], 2), "R-1 -");
});
