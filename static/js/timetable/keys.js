/* The timetable by keyboard: arrows go from session to session; one that is picked up they move. */
import { clock, fits, minutes, moved, neighbour, title } from "./plan.js";
import { assignRoom, chooseDay, doWith, give } from "./side.js";

const STEP = 5; // minutes

/** What a key means on a session: free of the page's own keys, whatever is held with them. */
export function meaning(event, held) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    const letter = key.toLowerCase();
    if (letter === "z") return { act: shiftKey ? "redo" : "undo" };
    return letter === "y" ? { act: "redo" } : null;
  }
  const arrow = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
  if (held) {
    if (arrow) return { days: arrow[0], minutes: arrow[1] * STEP * (shiftKey ? 6 : 1) };
    return { Enter: { act: "down" }, " ": { act: "down" }, Escape: { act: "back" } }[key] ?? null;
  }
  if (arrow) return { go: key };
  if (/^[1-9]$/.test(key)) return { trainer: Number(key) - 1 };
  const acts = { " ": "hold", Enter: "edit", Delete: "unschedule", Backspace: "unschedule", "+": "longer", "-": "shorter", Escape: "none" };
  const letters = { r: "room", x: "also", a: "day", d: "duplicate", s: "split", w: "swap", f: "frame" };
  const act = acts[key] ?? letters[key.toLowerCase()];
  return act ? { act } : null;
}

function shift(editor, held, days, by) {
  const all = editor.plan.days.map((one) => one.day);
  const session = editor.session(held.id);
  const day = all[all.indexOf(session.day) + days];
  const start = minutes(session.start) + by;
  const there = day && start >= 0 ? moved([session], day, clock(start)) : null;
  if (!there || !fits(editor.plan, there)) return editor.say("outside");
  editor.plan = { ...editor.plan, sessions: editor.plan.sessions.map((one) => (one.id === held.id ? there[0] : one)) };
  if (editor.view !== "days") editor.day = day;
  editor.draw();
  return editor.told(there[0]);
}

function hold(editor, id) {
  editor.held = { id, before: editor.session(id), plan: editor.plan };
  editor.draw();
  editor.say("held", { title: title(editor.plan, editor.session(id), editor.words) });
}

function letGo(editor, keep) {
  const { id, before, plan } = editor.held;
  const there = editor.session(id);
  editor.held = null;
  editor.plan = plan;
  if (keep && (there.day !== before.day || there.start !== before.start)) return editor.drop(before, there);
  editor.draw();
  return editor.say(keep ? "saved" : "back", { title: title(editor.plan, before, editor.words) });
}

function nextRoom(editor) {
  const rooms = ["", ...editor.plan.rooms.map((one) => one.id)];
  const [first] = editor.sessions();
  assignRoom(editor, rooms[(rooms.indexOf(first.room ?? "") + 1) % rooms.length]);
}

function longer(editor, by) {
  const [session] = editor.sessions();
  const there = { ...session, minutes: session.minutes + by };
  if (fits(editor.plan, [there])) editor.resize(session, there);
  else editor.say("outside");
}

function press(editor, id, event) {
  const wanted = meaning(event, editor.held);
  if (!wanted) return;
  event.preventDefault();
  event.stopPropagation();
  if (wanted.act === "undo" || wanted.act === "redo") return editor.act(wanted.act, {});
  if (editor.held) {
    if (wanted.act) return letGo(editor, wanted.act === "down");
    return shift(editor, editor.held, wanted.days, wanted.minutes);
  }
  if (wanted.go) return go(editor, neighbour(editor.plan.sessions, id, wanted.go));
  if (!editor.chosen.has(id) && wanted.act !== "also") editor.chosen = new Set([id]);
  return also(editor, id, wanted);
}

function go(editor, id) {
  if (!id) return;
  const session = editor.session(id);
  if (editor.view !== "days") editor.day = session.day;
  if (editor.chosen.size <= 1) editor.chosen = new Set([id]);
  editor.focused = id;
  editor.draw();
  editor.focus(id);
}

function also(editor, id, { act, trainer }) {
  if (trainer !== undefined) {
    const giver = editor.plan.trainers[trainer];
    return giver && give(editor, giver.id, !editor.session(id).trainers.includes(giver.id));
  }
  const acts = {
    hold: () => hold(editor, id),
    edit: () => {
      editor.draw();
      editor.part("one").elements.title.select();
    },
    also: () => editor.choose(id, { shiftKey: true }),
    day: () => chooseDay(editor, editor.session(id)),
    none: () => {
      editor.chosen.clear();
      editor.draw();
    },
    room: () => nextRoom(editor),
    longer: () => longer(editor, STEP),
    shorter: () => longer(editor, -STEP),
    frame: () => editor.open("frame"),
  };
  return acts[act] ? acts[act]() : doWith(editor, act);
}

export function keys(editor) {
  const grid = editor.part("grid");
  grid.addEventListener(
    "keydown",
    (event) => {
      const id = event.target.closest("[data-session]")?.dataset.session;
      if (id && editor.session(id)) press(editor, id, event);
    },
    true, // before the calendar's own keys
  );
  document.addEventListener("keydown", (event) => {
    const lost = document.activeElement === document.body && editor.session(editor.focused);
    if (lost) press(editor, editor.focused, event); // drawn anew this moment
  });
  grid.addEventListener("focusin", (event) => {
    const id = event.target.closest("[data-session]")?.dataset.session;
    if (id) editor.focused = id;
  });
  grid.addEventListener("focusout", () => {
    window.setTimeout(() => {
      const there = editor.held && document.activeElement;
      if (there && there !== document.body && !grid.contains(there)) letGo(editor, false);
    });
  });
  editor.root.addEventListener("keydown", (event) => {
    if (event.target.closest("input:not([type=radio], [type=checkbox]), select, dialog")) return;
    const wanted = meaning(event, null);
    if (wanted?.act === "undo" || wanted?.act === "redo") editor.act(wanted.act, {});
    else if (wanted?.act === "frame") editor.open("frame");
    else return;
    event.preventDefault();
  });
}
