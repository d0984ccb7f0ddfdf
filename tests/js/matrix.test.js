import assert from "node:assert/strict";
import { test } from "node:test";

import { block, landing, next, seats, state, sums } from "../../static/js/behaviours/matrix.js";

const words = {
  totalOne: "{total} seat of {capacity}.",
  totalOther: "{total} seats of {capacity}.",
  leftOne: "{difference} is left.",
  leftOther: "{difference} are left.",
  overOne: "{difference} seat too many.",
  overOther: "{difference} seats too many.",
  even: "None is left.",
};

test("what is no number of seats counts nothing", () => {
  assert.deepEqual(["12", "", " 3 ", "-4", "x", "2.9", "0"].map(seats), [12, 0, 3, 0, 0, 2, 0]);
});

test("rows, columns and all add up", () => {
  const cells = [
    { row: "0", column: "0", seats: 2 },
    { row: "0", column: "1", seats: 3 },
    { row: "1", column: "0", seats: 4 },
  ];
  assert.deepEqual(sums(cells), { rows: { 0: 5, 1: 4 }, columns: { 0: 6, 1: 3 }, total: 9 });
  assert.equal(sums([]).total, 0);
});

test("the sentence says how the total stands, each number with its noun", () => {
  const said = (total, capacity, tongue = "en") => state(words, total, capacity, tongue);
  assert.deepEqual(said(3, 6), { name: "left", sentence: "3 seats of 6. 3 are left." });
  assert.deepEqual(said(1, 2), { name: "left", sentence: "1 seat of 2. 1 is left." });
  assert.deepEqual(said(6, 6), { name: "even", sentence: "6 seats of 6. None is left." });
  assert.deepEqual(said(7, 6), { name: "over", sentence: "7 seats of 6. 1 seat too many." });
  assert.equal(said(0, 6).sentence, "0 seats of 6. 6 are left.");
  assert.equal(said(0, 6, "fr").sentence, "0 seat of 6. 6 are left.");
});

test("keys lead up and down a column and stop at its ends", () => {
  const column = ["a", "b", "c"];
  assert.equal(next(column, "b", "ArrowUp"), "a");
  assert.equal(next(column, "b", "Enter"), "c");
  assert.equal(next(column, "c", "ArrowDown"), undefined);
  assert.equal(next(column, "a", "ArrowUp"), undefined);
  assert.equal(next(column, "a", "x"), undefined);
});

test("a block of a spreadsheet is rows of cells, one cell is none", () => {
  assert.deepEqual(block("1\t2\r\n3\t 4 \r\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(block("1\n2"), [["1"], ["2"]]);
  assert.deepEqual(block("1\t"), [["1", ""]]);
  assert.equal(block("12"), null);
  assert.equal(block("12\n"), null);
});

test("a block fills the cells to the right and below, and says what falls beyond the table", () => {
  const found = landing([["1", "", "3"], ["–", "x", "6"], ["7", "8", "0"]], { row: 1, column: 1 }, 3, 3);
  assert.deepEqual(found.cells, [
    { row: 1, column: 1, value: "1" },
    { row: 1, column: 2, value: "0" },
    { row: 2, column: 1, value: "0" },
    { row: 2, column: 2, value: "x" },
  ]);
  assert.equal(found.lost, 4);
});
