import assert from "node:assert/strict";
import { test } from "node:test";

import { fill, plural } from "../../static/js/words.js";

const words = { chosenOne: "one", chosenOther: "other" };

test("each language counts in its own way", () => {
  const counted = (language) => [0, 1, 2, 21].map((number) => plural(words, "chosen", number, language));
  assert.deepEqual(counted("en"), ["other", "one", "other", "other"]);
  assert.deepEqual(counted("es"), ["other", "one", "other", "other"]);
  assert.deepEqual(counted("fr"), ["one", "one", "other", "other"]);
  assert.deepEqual(counted("pt-BR"), ["one", "one", "other", "other"]);
});

test("a form that the page lacks is the general one", () => {
  assert.equal(plural(words, "chosen", 1_000_000, "fr"), "other"); // French calls it "many"
  assert.equal(plural({}, "chosen", 1, "en"), "");
});

test("gaps are filled once, and an unknown one stays", () => {
  assert.equal(fill("{a} of {b}, {a}: {c}", { a: "{b}", b: 0 }), "{b} of 0, {b}: {c}");
});
