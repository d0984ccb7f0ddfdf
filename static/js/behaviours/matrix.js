/* Seats by country and function: sums as you type, one cell that takes the rest, blocks pasted from a
   spreadsheet. The server checks them again. */
import { all } from "../starter.js";
import { fill, language, plural } from "../words.js";

export const selector = "[data-matrix]";

/** The number of seats that was typed; none where it is no number. */
export function seats(text) {
  const number = Number.parseInt(text, 10);
  return Number.isFinite(number) && number > 0 ? number : 0;
}

/** The sums of cells {row, column, seats}: by row, by column, of all. */
export function sums(cells) {
  const found = { rows: {}, columns: {}, total: 0 };
  for (const cell of cells) {
    found.rows[cell.row] = (found.rows[cell.row] ?? 0) + cell.seats;
    found.columns[cell.column] = (found.columns[cell.column] ?? 0) + cell.seats;
    found.total += cell.seats;
  }
  return found;
}

/** How the total stands to the capacity, and the sentence that says it, from the page's words. */
export function state(words, total, capacity, tongue) {
  const difference = Math.abs(capacity - total);
  const name = total === capacity ? "even" : total < capacity ? "left" : "over";
  const first = fill(plural(words, "total", total, tongue), { total, capacity });
  const second = name === "even" ? words.even : plural(words, name, difference, tongue);
  return { name, sentence: `${first} ${fill(second, { difference })}` };
}

/** A block copied from a spreadsheet as rows of cells; nothing where it is a single cell. */
export function block(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t").map((cell) => cell.trim()));
  return rows.length > 1 || rows[0].length > 1 ? rows : null;
}

/** Which cell of the table each pasted one falls on, from the one pasted into; and how many
    numbers fall beyond the table. An empty cell or a dash is none. */
export function landing(rows, at, height, width) {
  const found = { cells: [], lost: 0 };
  rows.forEach((cells, down) => {
    cells.forEach((text, right) => {
      const value = /^[-–—]?$/.test(text) ? "0" : text;
      const [row, column] = [at.row + down, at.column + right];
      if (row < height && column < width) found.cells.push({ row, column, value });
      else if (seats(text)) found.lost += 1;
    });
  });
  return found;
}

/** Where a key leads from a cell to another of its column; nothing where it leads nowhere. */
export function next(column, cell, key) {
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[key];
  return step && column[column.indexOf(cell) + step];
}

const typed = (matrix) => all("input[data-row][data-column]", matrix);
const named = (id) => document.getElementById(id ?? "");

function wanted(matrix) {
  const field = named(matrix.dataset.capacityField);
  return field ? seats(field.value) : Number.parseInt(matrix.dataset.capacity, 10);
}

function fillRest(matrix, capacity) {
  const chosen = named(matrix.dataset.restField)?.value;
  let others = 0;
  for (const input of typed(matrix)) {
    input.readOnly = Boolean(chosen) && input.name === chosen;
    if (!input.readOnly) others += seats(input.value);
  }
  const rest = typed(matrix).find((input) => input.readOnly);
  if (rest && Number.isFinite(capacity)) rest.value = Math.max(capacity - others, 0);
}

function show(matrix, lost = 0) {
  const capacity = wanted(matrix);
  fillRest(matrix, capacity);
  const found = sums(typed(matrix).map((one) => ({ ...one.dataset, seats: seats(one.value) })));
  for (const output of all("output[data-sum-row]", matrix)) output.value = found.rows[output.dataset.sumRow] ?? 0;
  for (const output of all("output[data-sum-column]", matrix)) {
    output.value = found.columns[output.dataset.sumColumn] ?? 0;
  }
  for (const output of all("output[data-sum-total]", matrix)) output.value = found.total;
  const note = named(matrix.dataset.note);
  if (!note || !Number.isFinite(capacity)) return;
  const { name, sentence } = state(note.dataset, found.total, capacity, language());
  note.dataset.state = name;
  const beyond = lost ? ` ${fill(plural(note.dataset, "lost", lost, language()), { lost })}` : "";
  note.textContent = sentence + beyond;
}

function paste(matrix, event) {
  const input = event.target.closest("input[data-row][data-column]");
  const rows = input && block(event.clipboardData.getData("text/plain"));
  if (!rows) return;
  event.preventDefault();
  const at = { row: Number(input.dataset.row), column: Number(input.dataset.column) };
  const inputs = typed(matrix);
  const size = (name) => Math.max(...inputs.map((one) => Number(one.dataset[name]))) + 1;
  const { cells, lost } = landing(rows, at, size("row"), size("column"));
  for (const { row, column, value } of cells) {
    const one = inputs.find((cell) => cell.dataset.row === String(row) && cell.dataset.column === String(column));
    if (one && !one.readOnly) one.value = value;
  }
  show(matrix, lost);
}

export function start(matrix) {
  const fields = [matrix, named(matrix.dataset.capacityField), named(matrix.dataset.restField)];
  for (const field of fields.filter(Boolean)) field.addEventListener("input", () => show(matrix));
  matrix.addEventListener("paste", (event) => paste(matrix, event));
  for (const name of ["focusin", "click"]) {
    matrix.addEventListener(name, (event) => event.target.closest("input[data-column]")?.select());
  }
  matrix.addEventListener("keydown", (event) => {
    const input = event.target.closest("input[data-column]");
    if (!input || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) return;
    event.preventDefault();
    next(all(`input[data-column="${input.dataset.column}"]`, matrix), input, event.key)?.focus();
  });
  show(matrix);
}
