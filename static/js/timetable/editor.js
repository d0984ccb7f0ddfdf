/* The timetable editor: sessions dragged, resized, chosen and moved by keyboard; each act is sent at
   once, and what others do appears by itself. Without this script the page shows days and forms. */
import { Queue } from "./acts.js";
import { calendar } from "./calendar.js";
import { dialogs } from "./dialogs.js";
import { drag } from "./drag.js";
import { keys } from "./keys.js";
import { applied, clock, inOrder, meanwhile, minutes, moved } from "./plan.js";
import { side } from "./side.js";
import { Teller } from "./teller.js";

const WIDE = "(min-width: 48em)";
const EVERY = 4000; // milliseconds between two looks at what others did
const SOON = 300; // milliseconds after an act until its consequences are asked for

function library(address) {
  return new Promise((found, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => found(window.EventCalendar));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
}

class Editor extends Teller {
  constructor(root) {
    super(root);
    this.view = "days";
    this.chosen = new Set();
    this.unsent = new Set();
    this.held = null; // {id, before}: the session that the arrows move
    this.plan = null;
  }

  session(id) {
    return this.plan.sessions.find((one) => one.id === id);
  }

  sessions() {
    return [...this.chosen].map((id) => this.session(id)).filter(Boolean);
  }

  named(text) {
    return text.replace(/\{([\w-]+)\}/g, (all, id) => this.plan.trainers.find((one) => one.id === id)?.name ?? this.words.trainer);
  }

  async load(query = "") {
    const response = await fetch(`${this.root.dataset.plan}?${query}`, {
      headers: { Accept: "application/json", ...(query.includes("names") ? {} : { unattended: "yes" }) },
      redirect: "error",
    });
    return response.status === 200 ? response.json() : null;
  }

  async begin() {
    const [found, kit] = await Promise.all([this.load("names=1"), library(this.root.dataset.library)]);
    if (!found || !kit) throw new Error("no timetable");
    this.plan = found;
    this.firstDay = found.days[0].day;
    this.day = found.days[0].day;
    this.root.hidden = false;
    document.querySelector("[data-without-timetable]").hidden = true;
    this.calendar = calendar(this.part("grid"), this, kit);
    this.side = side(this);
    this.queue = new Queue({
      url: this.root.dataset.timetable,
      csrf: this.root.dataset.csrf,
      fetch: (...given) => window.fetch(...given),
      storage: window.sessionStorage,
      key: `trainings.timetable.${this.root.dataset.owner}.${window.location.pathname}`,
      on: this.answers(),
    });
    for (const part of [keys, drag, dialogs]) part(this);
    this.listen();
    this.draw();
    this.queue.next();
    window.setInterval(() => this.look(), EVERY);
    document.addEventListener("visibilitychange", () => this.look());
  }

  answers() {
    return {
      waiting: (number, failed) => this.status(number, failed),
      fresh: (fields) => this.fresh(fields),
      done: (answer) => this.take(answer),
      refused: (answer, one) => this.refused(answer, one),
      changed: (answer, one) => this.changed(answer, one),
      expired: () => this.note(this.words.expired, "error"),
      lost: () => this.reload(this.words.lost),
    };
  }

  /** An act's fields with the versions as they are now: one's own acts before it came through. */
  fresh(fields) {
    if (!fields.session) return fields;
    return { ...fields, version: fields.session.map((id) => fields.version?.[id] ?? this.session(id)?.version ?? 0) };
  }

  listen() {
    for (const radio of this.root.querySelectorAll("input[name=view]")) {
      radio.addEventListener("change", () => this.show(radio.value));
    }
    this.part("day").addEventListener("change", (event) => {
      this.day = event.target.value;
      if (this.view === "days") this.firstDay = this.day;
      this.draw();
    });
    this.part("grid").addEventListener("click", (event) => {
      const id = event.target.closest("[data-session]")?.dataset.session;
      if (id) this.choose(id, event);
    });
    this.part("undo").addEventListener("click", () => this.act("undo", {}));
    this.part("redo").addEventListener("click", () => this.act("redo", {}));
    this.root.addEventListener("pointerdown", () => (this.pressed = true), true);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, () => (this.pressed = false), true);
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.size()) event.preventDefault();
    });
  }

  show(view) {
    this.view = view;
    const [first] = this.sessions();
    if (first?.day) this.day = first.day;
    this.draw();
  }

  draw() {
    const now = JSON.stringify([{ ...this.plan, state: "" }, [...this.chosen], this.held?.id, [...this.unsent], this.view, this.day, this.firstDay, this.tabStop()]);
    if (now !== this.drawn) {
      this.drawn = now; // what is the same stays as it is under the pointer
      this.calendar.draw();
      this.side.draw();
    }
    this.refocus();
  }

  /** The calendar draws sessions anew: the one that had the focus keeps it. */
  refocus() {
    const id = this.focused;
    if (!id) return;
    window.requestAnimationFrame(() => {
      const active = document.activeElement;
      if (active && active !== document.body && !this.part("grid").contains(active)) return;
      this.element(id)?.focus({ preventScroll: true });
    });
  }

  element(id) {
    return this.part("grid").querySelector(`[data-session="${CSS.escape(id)}"]`);
  }

  /** The one session that the tab key reaches; from there the arrows go on. */
  tabStop() {
    return this.session(this.focused)?.day ? this.focused : inOrder(this.plan.sessions)[0]?.id;
  }

  focus(id) {
    this.focused = id;
    window.requestAnimationFrame(() => this.element(id)?.focus());
  }

  choose(id, event) {
    if (!this.session(id)) return;
    const more = event?.shiftKey || event?.ctrlKey || event?.metaKey;
    if (!more) this.chosen.clear();
    if (more && this.chosen.has(id)) this.chosen.delete(id);
    else this.chosen.add(id);
    this.focused = id;
    this.draw();
  }

  /** Do an act: shown at once where ``after`` says how the sessions will be, then sent. */
  act(name, fields, after = []) {
    this.note("");
    this.part("grid").setAttribute("aria-busy", "true");
    this.before = this.before ?? this.plan;
    this.plan = meanwhile(this.plan, after);
    for (const one of after) this.unsent.add(one.id);
    this.draw();
    return this.queue.send(name, fields);
  }

  drop(session, there) {
    const [, ...others] = this.chosen.has(session.id) ? [session, ...this.sessions().filter((one) => one.id !== session.id && one.day)] : [session];
    const goes = [there, ...moved([session, ...others], there.day, there.start).slice(1)];
    const added = there.trainers.filter((one) => !session.trainers.includes(one));
    const released = session.trainers.filter((one) => !there.trainers.includes(one));
    const fields = { session: [session, ...others].map((one) => one.id), day: there.day, start: there.start };
    if (there.room !== session.room) fields.room = there.room ?? "";
    this.act("move", { ...fields, add: added, release: released }, goes);
    this.told(there);
  }

  resize(session, there) {
    const end = clock(minutes(there.start) + there.minutes);
    this.act("resize", { session: [session.id], day: there.day, start: there.start, end }, [there]);
    this.told(there);
  }

  take(answer) {
    this.before = null;
    this.unsent.clear();
    const fresh = inOrder(answer.sessions ?? []).filter((one) => !this.session(one.id)?.day);
    this.plan = applied(this.plan, answer);
    for (const id of this.chosen) if (!this.session(id)) this.chosen.delete(id);
    if (fresh.length === 1) this.chosen = new Set([fresh[0].id]);
    if (fresh.length === 1 || (fresh.length && !this.session(this.focused))) this.focused = fresh[0].id;
    this.draw();
    if (this.focusNext && this.focused) this.focus(this.focused);
    this.focusNext = false;
    this.settle();
  }

  /** Ask for what follows from an act (what waits, what to look at) once nothing is under way. */
  settle() {
    window.clearTimeout(this.soon);
    this.soon = window.setTimeout(async () => {
      if (this.busy()) return this.settle();
      await this.look("");
      return this.part("grid").setAttribute("aria-busy", "false");
    }, SOON);
  }

  giveBack() {
    if (this.before) this.plan = this.before;
    this.before = null;
    this.unsent.clear();
    this.held = null;
    this.draw();
    this.settle();
  }

  refused(answer, one) {
    this.giveBack();
    const again = (way) => ({
      label: this.named(way.label),
      act: () => {
        const had = this.session(one.fields.session?.[0])?.trainers ?? [];
        const add = way.trainers.filter((id) => !had.includes(id));
        const release = had.filter((id) => !way.trainers.includes(id));
        this.act(one.act, { ...one.fields, start: way.start, room: way.room, add, release });
      },
    });
    this.note(this.named(answer.refused), "error", (answer.ways ?? []).map(again));
  }

  changed(answer, one) {
    this.giveBack();
    this.plan = applied(this.plan, answer);
    this.draw();
    const mine = { label: this.words.again, act: () => this.act(one.act, { ...one.fields, version: undefined }) };
    this.note(answer.refused, "warning", [mine]);
  }

  async reload(words) {
    this.giveBack();
    this.note(words, "error");
    const found = await this.load().catch(() => null);
    if (found) this.take(found);
  }

  busy() {
    return document.hidden || this.queue.size() > 0 || Boolean(this.held) || this.pressed;
  }

  /** What others did since; asks nothing while something is being moved or waits to be sent. */
  async look(state = `state=${encodeURIComponent(this.plan.state)}&`) {
    if (this.busy()) return;
    const found = await this.load(`${state}unattended=yes`).catch(() => null);
    if (!found || this.busy()) return;
    this.plan = applied(this.plan, found);
    this.draw();
  }
}

const root = document.querySelector("[data-timetable]");
if (root && window.matchMedia(WIDE).matches) new Editor(root).begin().catch(() => root.remove()); // the days stay
