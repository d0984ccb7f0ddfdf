/* Choosing rows of a table: all at once, a range with the shift key, and how many are chosen. */
import { all } from "../starter.js";
import { fill, language, plural } from "../words.js";

export const selector = "form[data-choosing]";

/** What the box above all rows shows. */
export function master(chosen, rows) {
  return { checked: chosen > 0 && chosen === rows, indeterminate: chosen > 0 && chosen < rows };
}

/** The rows between the last one and this one, both with them; this one alone without a last. */
export function between(rows, last, box) {
  if (!rows.includes(last)) return [box];
  const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
  return rows.slice(from, to + 1);
}

export function start(form) {
  const boxes = () => all("[data-row-check]", form);
  const above = form.querySelector("[data-check-all]");
  const count = form.querySelector("[data-chosen]");
  let last = null;
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (above) Object.assign(above, master(chosen, boxes().length));
    if (count) count.textContent = fill(plural(count.dataset, "chosen", chosen, language()), { count: chosen });
  };
  above?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = above.checked;
    show();
  });
  form.addEventListener("click", (event) => {
    const box = event.target.closest("[data-row-check]");
    if (!box) return;
    if (event.shiftKey) for (const one of between(boxes(), last, box)) one.checked = box.checked;
    last = box;
    show();
  });
  show();
}
