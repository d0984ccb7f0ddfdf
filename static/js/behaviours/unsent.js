/* Attendance without network: a choice that did not arrive is shown as not saved, kept in this
   browser (ids and choices only, no names), and sent again by itself. Signing out deletes it. */
import { all } from "../starter.js";
import { fill, language, plural } from "../words.js";

const PREFIX = "trainings.unsent.";
const PAUSES = [2, 4, 8, 15, 30]; // seconds until the next try, the last one over and over

export const selector = "form[data-unsent]";

/** The choices kept under a key: group name to value. What is no such thing counts as nothing. */
export function kept(storage, key) {
  try {
    const found = JSON.parse(storage.getItem(PREFIX + key) ?? "{}");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

/** Keep a choice, or with no value forget it; a browser that stores nothing loses only the memory. */
export function keep(storage, key, name, value) {
  const choices = kept(storage, key);
  if (value === undefined) delete choices[name];
  else choices[name] = value;
  try {
    if (Object.keys(choices).length) storage.setItem(PREFIX + key, JSON.stringify(choices));
    else storage.removeItem(PREFIX + key);
  } catch {
    // full or switched off: the page still shows what is not saved
  }
}

/** Forget what others left in this browser: all but the choices of one account, or simply all. */
export function forget(storage, owner) {
  const own = owner && `${PREFIX}${owner}.`;
  const keys = Array.from({ length: storage.length }, (_, number) => storage.key(number));
  for (const key of keys) {
    if (key.startsWith(PREFIX) && !(own && key.startsWith(own))) storage.removeItem(key);
  }
}

/** How many choices are kept in this browser. */
export function number(storage) {
  const keys = Array.from({ length: storage.length }, (_, place) => storage.key(place));
  return keys
    .filter((key) => key.startsWith(PREFIX))
    .reduce((sum, key) => sum + Object.keys(kept(storage, key.slice(PREFIX.length))).length, 0);
}

/** Whether a count was made before the one that is shown: its answer was overtaken. */
export function overtaken(fresh, shown) {
  return Number(fresh.dataset.at) < Number(shown.dataset.at ?? 0);
}

/** Whether a choice arrived, was refused in words, or has to be sent again. */
export function outcome(xhr) {
  if (xhr?.status === 409) return "refused";
  return xhr?.status === 200 && xhr.responseText.includes('id="marked"') ? "saved" : "unsent";
}

function address(form) {
  return `${form.dataset.unsent}.${window.location.pathname}`;
}

function say(group, words) {
  group.querySelector(".presence-said").textContent = words;
}

function count(form) {
  const groups = all("[data-presence].is-unsent", form);
  const status = form.querySelector("[data-unsent-count]");
  status.textContent = groups.length ? fill(plural(status.dataset, "left", groups.length, language()), { count: groups.length }) : "";
  status.hidden = groups.length === 0;
  return groups;
}

const timers = new WeakMap();

function later(form, tries) {
  window.clearTimeout(timers.get(form)?.timer);
  const pause = PAUSES[Math.min(tries, PAUSES.length - 1)] * 1000;
  timers.set(form, { tries: tries + 1, timer: window.setTimeout(() => send(form), pause) });
}

/** Try again later while something is left, and only then. */
function settle(form, tries) {
  if (count(form).length || Object.keys(kept(window.localStorage, address(form))).length) {
    later(form, tries);
  } else {
    window.clearTimeout(timers.get(form)?.timer);
    timers.delete(form);
  }
}

function send(form) {
  const names = new Set(Object.keys(kept(window.localStorage, address(form))));
  for (const input of all("[data-presence] input[type=radio]:checked", form)) {
    const again = names.has(input.name) || input.closest(".is-unsent");
    if (again) input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function chosen(event) {
  const input = event.target.closest(`${selector} [data-presence] input[type=radio]`);
  if (!input) return;
  keep(window.localStorage, address(input.form), input.name, input.value);
  if (!timers.has(input.form)) later(input.form, 0); // if it is never answered
}

function answered(event) {
  const group = event.target.closest(`${selector} [data-presence]`);
  if (!group) return;
  const form = group.form;
  const xhr = event.detail.xhr;
  const input = group.querySelector("input[type=radio]:checked");
  const shown = group.querySelector("input[type=hidden]");
  const sent = event.detail.requestConfig.parameters[input.name];
  const came = outcome(xhr);
  group.classList.toggle("is-unsent", came === "unsent" || sent !== input.value);
  if (came === "saved") {
    shown.value = sent;
    if (sent === input.value) keep(window.localStorage, address(form), input.name);
    say(group, "");
  } else if (came === "refused") {
    keep(window.localStorage, address(form), input.name);
    const stored = xhr.getResponseHeader("Kept") ?? shown.value;
    shown.value = stored;
    for (const one of all("input[type=radio]", group)) one.checked = one.value === stored;
    group.classList.remove("is-unsent");
    say(group, xhr.responseText);
  } else {
    say(group, form.dataset.unsentWords);
  }
  settle(form, came === "saved" ? 0 : (timers.get(form)?.tries ?? 0));
}

export function start(form) {
  forget(window.localStorage, form.dataset.unsent);
  for (const [name, value] of Object.entries(kept(window.localStorage, address(form)))) {
    const input = form.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]:not(:disabled)`);
    const group = input?.closest("[data-presence]:not(:disabled)");
    if (!group || input.checked) {
      keep(window.localStorage, address(form), name);
      continue;
    }
    input.checked = true;
    group.classList.add("is-unsent");
    say(group, form.dataset.unsentWords);
  }
  settle(form, 0);
}

function replaced(event) {
  const fresh = event.detail.fragment?.querySelector("#marked");
  if (fresh && overtaken(fresh, event.target)) event.preventDefault();
}

function leave(event) {
  const words = event.target.dataset.forget;
  if (words === undefined) return;
  if (number(window.localStorage) && !window.confirm(words)) event.preventDefault();
  else forget(window.localStorage);
}

/** Without a network the button would lead to a page of the browser: what is left is tried instead. */
function stay(event) {
  if (!event.target.matches(selector) || navigator.onLine) return;
  event.preventDefault();
  send(event.target);
}

export function listen(page) {
  page.addEventListener("change", chosen, true);
  page.addEventListener("htmx:afterRequest", answered);
  page.addEventListener("htmx:oobBeforeSwap", replaced);
  page.addEventListener("submit", leave, true);
  page.addEventListener("submit", stay, true);
  window.addEventListener("online", () => all(selector, page).forEach(send));
}
