/* A second click on a button does nothing twice. The value of the pressed button is kept, since a
   disabled button would not be sent; coming back by the browser's history frees the form again.
   Without a network nothing is sent: the browser would leave the page, and what was typed with it. */
import { all } from "../starter.js";

const DOWNLOAD = 4000; // milliseconds until a file may be asked for again

/** Whether a form is to be sent once: it changes something, or it makes a file. */
export function waits(form) {
  return form.method.toLowerCase() === "post" || form.hasAttribute("data-download");
}

function free(form) {
  delete form.dataset.sending;
  for (const button of all("[aria-busy]", form)) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

/** Say beside the pressed button that there is no network; what is typed stays where it is. */
function stay(event) {
  event.preventDefault();
  document.getElementById("not-sent")?.remove();
  const note = document.createElement("p");
  note.id = "not-sent";
  note.className = "note note-error after-lead";
  note.setAttribute("role", "alert");
  note.textContent = document.querySelector("script[data-not-saved]").dataset.notSaved;
  (event.submitter?.closest(".buttons, .acts") ?? event.target).after(note);
  note.scrollIntoView({ block: "nearest" });
}

function guard(event) {
  const form = event.target;
  if (event.defaultPrevented || !waits(form)) return;
  if (!navigator.onLine) {
    stay(event);
    return;
  }
  if (form.dataset.sending === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  for (const button of all("button[type=submit], button:not([type])", form)) {
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
  }
  if (form.hasAttribute("data-download")) window.setTimeout(() => free(form), DOWNLOAD);
}

export function listen(page) {
  page.addEventListener("submit", guard);
  window.addEventListener("online", () => document.getElementById("not-sent")?.remove());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sending]", page).forEach(free);
  });
}
