/* What the timetable says: saved or not, what was refused and the ways out, and to those who listen
   where a session is. */
import { fill } from "../words.js";
import { clock, dayOf, span, title } from "./plan.js";

/** A button below what is said; it takes away what is said, then acts. */
function wayOut(teller, { label, act }) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-secondary btn-small", textContent: label });
  button.addEventListener("click", () => {
    teller.note("");
    act();
  });
  return button;
}

export class Teller {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  status(number, failed) {
    const status = this.part("status");
    status.textContent = number ? this.words[failed ? "offline" : "saving"] : this.words.saved;
    status.classList.toggle("text-amber", Boolean(number && failed));
  }

  note(text, tone, ways = []) {
    const place = this.part("note");
    if (!text) return place.replaceChildren();
    const box = document.createElement("div");
    box.className = `note note-${tone}`;
    box.setAttribute("role", "alert");
    box.textContent = `${text} `;
    for (const way of ways) box.append(wayOut(this, way), " ");
    if (tone !== "warning" || ways.length) box.append(wayOut(this, { label: this.words.close, act: () => {} }));
    return place.replaceChildren(box);
  }

  say(name, values = {}) {
    this.part("said").textContent = fill(this.words[name], values);
  }

  /** Say where a session is. */
  told(session) {
    const day = dayOf(this.plan, session.day)?.label ?? session.day;
    const { end } = span(session);
    this.say("said", { title: title(this.plan, session, this.words), day, start: session.start, end: clock(end) });
  }
}
