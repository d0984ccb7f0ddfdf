/* Attendance by keyboard: up and down go from person to person, a letter marks and goes on. The
   letters are those printed in the page's help (data-key), so each language has its own. */
import { all } from "../starter.js";

/** What a key does: a step up or down, or a letter to look for; nothing with a held key. */
export function act(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return {};
  if (event.key === "ArrowDown") return { step: 1 };
  if (event.key === "ArrowUp") return { step: -1 };
  return { letter: event.key.toLowerCase() };
}

function move(group, step) {
  const groups = all("[data-presence]", document).filter((one) => one.querySelector("input[type=radio]:not(:disabled)"));
  const next = groups[groups.indexOf(group) + step];
  if (next) (next.querySelector("input:checked") ?? next.querySelector("input[type=radio]")).focus();
}

function press(event) {
  const input = event.target.closest("[data-presence] input[type=radio]");
  if (!input) return;
  const group = input.closest("[data-presence]");
  const { step, letter } = act(event);
  if (step) {
    event.preventDefault();
    move(group, step);
  }
  const wanted = letter && group.querySelector(`input[data-key="${CSS.escape(letter)}"]:not(:disabled)`);
  if (!wanted) return;
  event.preventDefault();
  if (!wanted.checked) {
    wanted.checked = true;
    wanted.dispatchEvent(new Event("change", { bubbles: true }));
  }
  wanted.focus();
  move(group, 1);
}

export function listen(page) {
  page.addEventListener("keydown", press);
}
