/* Ranking by hand: a row is dragged to its place by its handle, or moved with the arrow keys there.
   Without script the buttons beside each row do the same, one step at a time. */
import { all } from "../starter.js";

export const selector = "[data-rank]";

/** Where a row goes that is let go at this height: how many of the others lie above it. */
export function placeAt(middles, height) {
  return middles.filter((middle) => middle < height).length;
}

/** What is sent for a row that goes before another one; at the end, before whoever is first on the
 * next page, or "-" where there is no such page. */
export function sent(number, others, place, after = "-") {
  return `${number} ${others[place] ?? after}`;
}

const numberOf = (row) => row.querySelector("[data-row-check]").value;
const middleOf = (row) => row.getBoundingClientRect().top + row.offsetHeight / 2;

export function start(part) {
  const rows = () => all("tbody tr", part);
  part.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-rank-handle]");
    const step = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!handle || !step) return;
    event.preventDefault();
    const button = handle.closest("tr").querySelector(`button[name=${step}]`);
    if (button.getAttribute("aria-disabled") !== "true") button.click();
  });
  part.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-rank-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    drag(handle.closest("tr"), rows(), part.querySelector("[data-rank-send]"), part.dataset.rankAfter);
  });
}

function drag(row, rows, send, after) {
  const others = rows.filter((other) => other !== row);
  const from = rows.indexOf(row);
  const ending = new AbortController();
  const listening = { signal: ending.signal };
  let place = from;
  const show = () => {
    others.forEach((other, at) => {
      other.classList.toggle("rank-above", place !== from && at === place);
      other.classList.toggle("rank-below", place !== from && place === others.length && at === place - 1);
    });
  };
  const end = () => {
    ending.abort();
    row.classList.remove("rank-moving");
    for (const other of others) other.classList.remove("rank-above", "rank-below");
  };
  row.classList.add("rank-moving");
  document.addEventListener("pointermove", (event) => {
    place = placeAt(others.map(middleOf), event.clientY);
    show();
  }, listening);
  document.addEventListener("pointerup", () => {
    end();
    if (place === from) return;
    send.value = sent(numberOf(row), others.map(numberOf), place, after);
    send.click();
  }, listening);
  document.addEventListener("pointercancel", end, listening);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  }, listening);
}
