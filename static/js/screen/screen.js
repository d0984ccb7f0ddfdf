/* Draws the screen in the lobby each second, and asks each half a minute whether the agenda changed.
   Without the network it goes on with what it knows, and says since when. */
import { fill } from "../words.js";
import { at, behind, dayOf, inTurn, timeOf } from "./now.js";

const root = document.querySelector("[data-screen]");
const ASK_AGAIN = 30000;
const PATIENCE = 10000;
const SIZES = ["", "fit-1", "fit-2", "fit-3", "fit-4"];
let agenda = JSON.parse(root.dataset.agenda);
let offset = behind(agenda.now, here());
let heard = here(); // when the server last answered, by the clock of this computer
let lost = false;
let gone = false;
let drawn = "";

function here() {
  return Date.now() / 1000;
}

function make(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function session(one, language, words) {
  const item = document.createElement("li");
  if (one.quiet) item.className = "is-quiet";
  const time = words ? fill(words.until, { time: timeOf(one.end, agenda.zone) }) : timeOf(one.start, agenda.zone);
  item.append(make("span", time, "screen-time"), make("b", one.titles[language]));
  if (one.room) item.append(make("span", one.room, "screen-room"));
  if (one.trainers.length) item.append(make("span", one.trainers.join(", "), "screen-trainers"));
  return item;
}

function part(title, sessions, language, className, words) {
  const section = document.createElement("section");
  const list = document.createElement("ul");
  section.className = className;
  list.append(...sessions.map((one) => session(one, language, words)));
  section.append(make("h2", title), list);
  return section;
}

function parts(found, language, said) {
  if (gone) return [make("p", said.words.gone, "screen-said")];
  const made = [];
  if (found.now.length) made.push(part(said.words.now, found.now, language, "screen-now", said.words));
  else made.push(make("p", said.words[found.state === "between" ? "nothing" : found.state], "screen-said"));
  if (found.next.length) {
    const sameDay = found.state === "now" || found.state === "between";
    const title = sameDay ? said.words.next : `${said.words.next}: ${said.days[found.day]}`;
    made.push(part(title, found.next, language, "screen-next"));
  }
  return made;
}

/** Letters as large as the screen holds. */
function fit() {
  for (const size of SIZES) {
    document.documentElement.className = `screen ${size}`;
    if (document.documentElement.scrollHeight <= window.innerHeight) return;
  }
}

function draw() {
  const now = here() + offset;
  const language = inTurn(Object.keys(agenda.languages), now);
  const said = agenda.languages[language];
  const found = at(agenda, now);
  document.querySelector("[data-clock]").textContent = timeOf(now, agenda.zone);
  const day = dayOf(now, agenda.zone);
  document.querySelector("[data-day]").textContent = said.days[day] ?? "";
  const notice = document.querySelector("[data-lost]");
  notice.hidden = !lost;
  notice.textContent = lost ? fill(said.words.lost, { time: timeOf(heard + offset, agenda.zone) }) : "";
  const key = JSON.stringify([language, found, gone, lost, agenda.tag]);
  if (key === drawn) return;
  drawn = key;
  document.documentElement.lang = said.tag;
  document.querySelector("[data-course]").textContent = said.course;
  root.replaceChildren(...parts(found, language, said));
  fit();
}

async function ask() {
  try {
    const answer = await fetch(`${root.dataset.screen}?known=${agenda.tag}`, {
      headers: { Unattended: "yes" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    gone = answer.status === 404;
    if (answer.status === 200) agenda = await answer.json();
    else if (answer.status !== 204 && !gone) throw new Error("no answer of ours");
    offset = behind(Date.parse(answer.headers.get("Date")) / 1000, here()) || offset;
    heard = here();
    lost = false;
  } catch {
    lost = true;
  }
  draw();
}

draw();
setInterval(draw, 1000);
window.addEventListener("resize", fit);
document.fonts.ready.then(fit);
setInterval(ask, ASK_AGAIN);
