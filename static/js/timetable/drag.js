/* Drags from beside the timetable: what waits onto a day, a trainer onto a session. */
import { put, waiting } from "./side.js";

const FAR = 6; // pixels after which a press is a drag

function ghostOf(chip) {
  const ghost = chip.cloneNode(true);
  ghost.className = "timetable-chip timetable-ghost";
  document.body.append(ghost);
  return ghost;
}

function under(editor, event) {
  const place = document.elementFromPoint(event.clientX, event.clientY);
  return place?.closest(".ec-event")?.querySelector("[data-session]")?.dataset.session;
}

function dropTrainer(editor, trainer, event) {
  const session = editor.session(under(editor, event));
  if (!session || session.trainers.includes(trainer)) return;
  const after = { ...session, trainers: [...session.trainers, trainer].sort() };
  editor.act("assign", { session: [session.id], add: [trainer] }, [after]);
}

function dropWaiting(editor, chip, event) {
  const place = editor.calendar.fromPoint(event.clientX, event.clientY);
  const days = editor.plan.days.map((one) => one.day);
  if (!place || !days.includes(place.day)) return;
  const { session, module } = chip.dataset;
  const one = waiting(editor.plan).find((each) => (session ? each.session?.id === session : each.module === module));
  if (one) put(editor, one, place);
}

function follow(editor, chip, first) {
  let ghost = null;
  const move = (event) => {
    if (!ghost && Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) < FAR) return;
    ghost = ghost ?? ghostOf(chip);
    editor.dragged = true; // so that the click at its end is none
    ghost.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
    for (const one of editor.root.querySelectorAll(".is-under")) one.classList.remove("is-under");
    if (chip.dataset.trainer) editor.element(under(editor, event) ?? "")?.closest(".ec-event").classList.add("is-under");
  };
  const end = (event) => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
    window.removeEventListener("pointercancel", end);
    if (!ghost) return;
    ghost.remove();
    window.setTimeout(() => (editor.dragged = false), 0);
    if (event.type === "pointercancel") return;
    if (chip.dataset.trainer) dropTrainer(editor, chip.dataset.trainer, event);
    else dropWaiting(editor, chip, event);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
}

export function drag(editor) {
  editor.root.addEventListener("pointerdown", (event) => {
    const chip = event.button === 0 && event.target.closest(".timetable-chip");
    if (!chip) return;
    event.preventDefault();
    chip.focus?.();
    follow(editor, chip, event);
  });
}
