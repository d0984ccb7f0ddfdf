/* Beside the timetable: the chosen session to change in place, what waits, trainers, what to look at. */
import { fill } from "../words.js";
import { clock, dayOf, firstFree, inOrder, minutes, role, span, title } from "./plan.js";

function item(...parts) {
  const line = document.createElement("li");
  line.append(...parts);
  return line;
}

function element(name, look, text) {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (text !== undefined) made.textContent = text;
  return made;
}

function choices(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, words]) => new Option(words, value, false, value === chosen)));
}

function drawBar(editor) {
  const { plan, words } = editor;
  for (const name of ["undo", "redo"]) {
    const button = editor.part(name);
    button.disabled = !plan[name];
    button.textContent = plan[name] ? `${words[name]}: ${plan[name]}` : words[name];
  }
  document.querySelector("[data-hours]").textContent = plan.hours;
  const picker = editor.part("day");
  const paged = editor.view !== "days" || plan.days.length > 7;
  picker.closest("label").hidden = !paged;
  choices(picker, plan.days.map((one) => [one.day, one.label]), editor.view === "days" ? editor.firstDay : editor.day);
}

/** What waits: sessions off their day, and what is left of modules; each can be dragged. */
export function waiting(plan) {
  return [
    ...plan.sessions.filter((one) => !one.day).map((one) => ({ session: one, minutes: one.minutes })),
    ...plan.left.map((one) => ({ module: one.module, minutes: one.minutes })),
  ];
}

function drawWaiting(editor) {
  const { plan, words } = editor;
  const list = editor.part("waiting");
  const lines = waiting(plan).map((one) => {
    const button = element("button", "timetable-chip");
    button.type = "button";
    const words_ = title(plan, one.session ?? { kind: "module", module: one.module }, words);
    button.append(element("span", "", words_), " ", element("span", "soft", fill(words.minutes, { minutes: one.minutes })));
    Object.assign(button.dataset, { minutes: one.minutes, ...(one.session ? { session: one.session.id } : { module: one.module }) });
    button.addEventListener("click", () => editor.dragged || put(editor, one, firstFree(plan, one.minutes, editor.day)));
    return item(button);
  });
  list.replaceChildren(...(lines.length ? lines : [item(element("span", "soft", words.everything))]));
}

/** Put what waits on a day: where it was dropped, or at the first free time. */
export function put(editor, one, { day, start, resource }) {
  const fields = { day, start };
  if (editor.view === "rooms" && resource) fields.room = resource === "none" ? "" : resource;
  if (editor.view === "trainers" && resource && resource !== "none") fields.add = [resource];
  if (one.session) editor.act("move", { ...fields, session: [one.session.id] }, [{ ...one.session, day, start }]);
  else editor.act("add", { ...fields, module: one.module, minutes: one.minutes, title: one.title });
}

function drawGivers(editor) {
  const { plan, words } = editor;
  const lines = plan.trainers.map((one, number) => {
    const chip = element("span", "timetable-chip timetable-giver", one.name ?? words.trainer);
    chip.dataset.trainer = one.id;
    if (!one.accepted) chip.append(" ", element("span", "soft", `(${words.accepted})`));
    return item(element("kbd", "", number < 9 ? String(number + 1) : ""), " ", chip);
  });
  editor.part("givers").replaceChildren(...lines);
  editor.part("givers").closest("section").hidden = lines.length === 0;
}

function drawWarnings(editor) {
  const lines = editor.plan.warnings.map((one) => {
    const words = editor.named(one.text);
    if (!one.day) return item(words);
    const link = element("button", "btn-text", dayOf(editor.plan, one.day)?.label ?? one.day);
    link.type = "button";
    const session = one.session && editor.session(one.session);
    if (session) link.textContent = `${link.textContent}, ${title(editor.plan, session, editor.words)}`;
    link.addEventListener("click", () => {
      editor.day = one.day;
      if (!editor.plan.days.slice(0, 7).some((each) => each.day === one.day)) editor.firstDay = one.day;
      if (session) editor.choose(session.id);
      editor.draw();
      if (session) editor.focus(session.id);
    });
    return item(link, ` · ${words}`);
  });
  editor.part("warnings").replaceChildren(...(lines.length ? lines : [item(element("span", "soft", editor.words.nothing))]));
}

const ROLES = ["lead", "co", "observer"];

/** How a trainer takes part in the chosen sessions, to choose from. */
function roleChoice(editor, one, sessions) {
  const select = element("select", "form-select timetable-role");
  select.setAttribute("aria-label", fill(editor.words.role_of, { trainer: one.name ?? editor.words.trainer }));
  const now = role(sessions[0], one.id);
  const same = sessions.every((each) => role(each, one.id) === now);
  choices(select, ROLES.map((each) => [each, editor.words[each]]), now);
  if (!same) select.selectedIndex = -1;
  select.addEventListener("change", () => giveRole(editor, one.id, select.value));
  return select;
}

/** Let a trainer take part in the chosen sessions as lead, co-trainer or observer. */
function giveRole(editor, trainer, chosen) {
  const sessions = editor.sessions();
  const after = sessions.map((one) => ({ ...one, roles: { ...one.roles, [trainer]: chosen } }));
  editor.act("assign", { session: sessions.map((one) => one.id), add: [trainer], role: chosen }, after);
}

function drawTrainers(editor, sessions) {
  if (editor.part("trainers").contains(document.activeElement) && document.activeElement.matches("select")) return;
  const boxes = editor.plan.trainers.map((one, number) => {
    const label = element("label", "timetable-choice");
    const box = element("input");
    box.type = "checkbox";
    const gives = sessions.filter((each) => each.trainers.includes(one.id)).length;
    box.checked = gives === sessions.length;
    box.indeterminate = gives > 0 && gives < sessions.length;
    box.addEventListener("change", () => give(editor, one.id, box.checked));
    label.append(box, ` ${number < 9 ? `${number + 1} · ` : ""}${one.name ?? editor.words.trainer}`);
    if (!box.checked) return label;
    const line = element("div", "timetable-giving");
    line.append(label, roleChoice(editor, one, sessions));
    return line;
  });
  editor.part("trainers").replaceChildren(...boxes);
  editor.part("no-trainers").hidden = boxes.length > 0;
}

/** Let a trainer give the chosen sessions, or no longer. */
export function give(editor, trainer, gives) {
  const sessions = editor.sessions();
  if (!sessions.length) return;
  const after = sessions.map((one) => {
    const others = one.trainers.filter((each) => each !== trainer);
    const roles = Object.fromEntries(Object.entries(one.roles ?? {}).filter(([each]) => each !== trainer));
    return { ...one, trainers: gives ? [...others, trainer].sort() : others, roles: gives ? one.roles : roles };
  });
  const fields = { session: sessions.map((one) => one.id), [gives ? "add" : "release"]: [trainer] };
  editor.act("assign", fields, after);
}

const NEW_ROOM = "new";

/** Put the chosen sessions into a room; none where it is empty. */
export function assignRoom(editor, room) {
  const sessions = editor.sessions();
  const typed = editor.part("new-room");
  typed.hidden = room !== NEW_ROOM;
  if (!typed.hidden) return typed.elements.room.focus();
  if (!sessions.length) return;
  editor.act("assign", { session: sessions.map((one) => one.id), room }, sessions.map((one) => ({ ...one, room: room || null })));
}

function drawChosen(editor) {
  const sessions = editor.sessions();
  const [first] = sessions;
  editor.part("chosen").hidden = !first;
  if (!first) return;
  const one = sessions.length === 1;
  const name = title(editor.plan, first, editor.words);
  editor.part("chosen-title").textContent = one ? name : fill(editor.words.chosen, { count: sessions.length });
  const form = editor.part("one");
  form.hidden = !one || !first.day;
  if (!form.contains(document.activeElement) || form.dataset.of !== first.id) {
    form.dataset.of = first.id;
    form.elements.title.value = first.title;
    form.elements.title.placeholder = name;
    choices(form.elements.day, editor.plan.days.map((each) => [each.day, each.label]), first.day);
    form.elements.start.value = first.start ?? "";
    form.elements.end.value = first.day ? clock(span(first).end) : "";
  }
  const rooms = editor.plan.rooms.map((each) => [each.id, each.seats ? `${each.name} (${each.seats})` : each.name]);
  const same = sessions.every((each) => each.room === first.room);
  if (editor.part("new-room").dataset.of !== [...editor.chosen].join()) editor.part("new-room").hidden = true;
  editor.part("new-room").dataset.of = [...editor.chosen].join();
  if (editor.part("new-room").hidden) {
    const all = [["", editor.words.none_room], ...rooms, [NEW_ROOM, editor.words.new_room]];
    choices(editor.part("room"), all, same ? (first.room ?? "") : undefined);
  }
  drawTrainers(editor, sessions);
  editor.root.querySelector("[data-do=swap]").hidden = sessions.length !== 2;
  editor.root.querySelector("[data-do=split]").hidden = !one;
  editor.root.querySelector("[data-do=duplicate]").hidden = !one;
  editor.root.querySelector("[data-do=day]").hidden = !first.day;
  const link = editor.part("form");
  link.hidden = !one || !first.day;
  link.href = editor.root.dataset.change.replace("SESSION", first.id);
}

/** Choose all sessions of a session's day but its breaks. */
export function chooseDay(editor, { day }) {
  const all = inOrder(editor.plan.sessions).filter((one) => one.day === day && one.kind !== "break");
  editor.chosen = new Set(all.map((one) => one.id));
  editor.draw();
}

/** What a button or key does with the chosen sessions. */
export function doWith(editor, name) {
  const sessions = editor.sessions();
  const [first] = sessions;
  if (!first) return undefined;
  if (name === "day") return chooseDay(editor, first);
  const fields = { session: sessions.map((one) => one.id) };
  if (name === "duplicate" && first.day) {
    Object.assign(fields, firstFree(editor.plan, first.minutes, first.day), { session: [first.id] });
  }
  if (name === "split") Object.assign(fields, { session: [first.id], at: clock(minutes(first.start) + Math.round(first.minutes / 10) * 5) });
  if (name === "swap" && sessions.length !== 2) return undefined;
  if (name === "unschedule" || name === "remove") editor.chosen.clear();
  return editor.act(name, fields);
}

function changeOne(editor, event) {
  event.preventDefault();
  const [session] = editor.sessions();
  const { title: words, day, start, end } = editor.part("one").elements;
  if (words.value !== session.title) {
    editor.act("name", { session: [session.id], title: words.value }, [{ ...session, title: words.value }]);
  }
  const length = minutes(end.value) - minutes(start.value);
  const there = { ...session, day: day.value, start: start.value, minutes: length };
  if (length !== session.minutes) editor.act("resize", { session: [session.id], day: day.value, start: start.value, end: end.value }, length > 0 ? [there] : []);
  else if (there.day !== session.day || there.start !== session.start) editor.drop(session, there);
  editor.focus(session.id);
}

export function side(editor) {
  const form = editor.part("one");
  form.addEventListener("submit", (event) => changeOne(editor, event));
  form.addEventListener("change", (event) => changeOne(editor, event));
  editor.part("room").addEventListener("change", (event) => assignRoom(editor, event.target.value));
  editor.part("new-room").addEventListener("submit", (event) => {
    event.preventDefault();
    const { room } = event.target.elements;
    if (!room.value.trim()) return room.focus();
    event.target.hidden = true;
    editor.act("assign", { session: editor.sessions().map((one) => one.id), new_room: room.value });
    room.value = "";
    return editor.part("room").focus();
  });
  for (const button of editor.root.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => doWith(editor, button.dataset.do));
  }
  editor.part("new").addEventListener("submit", (event) => {
    event.preventDefault();
    const { title: field } = event.target.elements;
    if (!field.value.trim()) return field.focus();
    put(editor, { minutes: 60, title: field.value }, firstFree(editor.plan, 60, editor.day));
    field.value = "";
  });
  return {
    draw() {
      for (const part of [drawBar, drawChosen, drawWaiting, drawGivers, drawWarnings]) part(editor);
    },
  };
}
