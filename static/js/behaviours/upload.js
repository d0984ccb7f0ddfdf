/* Sends the form of a large file with a bar that says how far it is. A file that is too large is not
   sent at all. The answer takes the place of the page's main part; without script the form is sent as
   any other. */
import { fill } from "../words.js";

export const selector = "form[data-upload]";

let moved = false; // to another address, without loading its page

/** Whether a file may be sent: none chosen is for the server to say. */
export function fits(files, most) {
  return Array.from(files).every((file) => file.size <= most);
}

function say(form, sentence) {
  const place = form.querySelector("[data-not-sent]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

function show(request) {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = answer.querySelector("main");
  const url = new URL(request.responseURL);
  if (!main || url.pathname.startsWith("/sign-in")) {
    location.assign(url);
    return;
  }
  if (url.pathname !== location.pathname) {
    history.pushState(null, "", url);
    moved = true;
  }
  document.title = answer.title;
  for (const sheet of answer.querySelectorAll("head link[rel=stylesheet]")) {
    const known = document.head.querySelector(`link[href="${CSS.escape(sheet.getAttribute("href"))}"]`);
    if (!known) document.head.append(document.importNode(sheet, true));
  }
  const shown = document.importNode(main, true);
  document.querySelector("main").replaceWith(shown);
  shown.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true })); // starts its behaviours
  window.htmx?.process(shown);
  if (!shown.querySelector("[data-problem]")) shown.focus();
}

function send(form) {
  const bar = form.querySelector("[data-sending]");
  const [meter, status, stop] = ["progress", "[role=status]", "[data-stop]"].map((one) => bar.querySelector(one));
  const buttons = form.querySelector(".buttons");
  const request = new XMLHttpRequest();
  const free = (sentence) => {
    form.removeAttribute("data-busy");
    bar.hidden = true;
    buttons.hidden = false;
    say(form, sentence);
  };
  let told = -1;
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    meter.value = percent;
    if (Math.floor(percent / 10) === told) return; // ears are told each tenth
    told = Math.floor(percent / 10);
    status.textContent = percent < 100 ? fill(bar.dataset.said, { percent }) : bar.dataset.stored;
  });
  request.addEventListener("load", () => show(request));
  request.addEventListener("error", () => free(bar.dataset.failed));
  request.addEventListener("abort", () => free(""));
  stop.onclick = () => request.abort();
  say(form, "");
  form.dataset.busy = "yes";
  buttons.hidden = true;
  bar.hidden = false;
  meter.value = 0;
  request.open("POST", form.action);
  request.send(new FormData(form));
  stop.focus();
}

export function start(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const words = form.querySelector("[data-sending]").dataset;
    if (fits(form.querySelector("input[type=file]").files, Number(form.dataset.upload))) send(form);
    else say(form, words.tooLarge);
  });
}

export function listen() {
  window.addEventListener("popstate", () => moved && location.reload());
}
