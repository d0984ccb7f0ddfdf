import assert from "node:assert/strict";
import { test } from "node:test";

import { all, starter } from "../../static/js/starter.js";

/** As much of an element as the starter asks for: what it is, and what is below it. */
function element(kind, ...below) {
  const one = {
    kind,
    below,
    matches: (selector) => selector === kind,
    querySelectorAll: (selector) => below.flatMap((part) => all(selector, part)),
  };
  return one;
}

function counted(selector) {
  const started = [];
  return { selector, started, start: (one) => started.push(one) };
}

test("what is swapped in may itself ask for a behaviour", () => {
  const behaviour = counted("table");
  const table = element("table");
  starter([behaviour])(table);
  assert.deepEqual(behaviour.started, [table]);
});

test("what lies below it asks too, in the order of the page", () => {
  const [inner, outer] = [element("table"), element("table")];
  const behaviour = counted("table");
  starter([behaviour])(element("main", inner, element("div", outer)));
  assert.deepEqual(behaviour.started, [inner, outer]);
});

test("no element is started twice, however often its page is looked through", () => {
  const behaviour = counted("table");
  const [table, late] = [element("table"), element("table")];
  const main = element("main", table);
  const start = starter([behaviour]);
  start(main);
  main.below.push(late);
  start(main);
  start(table);
  assert.deepEqual(behaviour.started, [table, late]);
});

test("each behaviour starts its own, and one that only listens starts nothing", () => {
  const [one, two] = [counted("table"), counted("table")];
  const table = element("table");
  starter([one, { listen: () => {} }, two])(table);
  assert.deepEqual([one.started, two.started], [[table], [table]]);
});

test("a document matches nothing, but is looked through", () => {
  const table = element("table");
  const page = { querySelectorAll: () => [table] };
  assert.deepEqual(all("table", page), [table]);
});
