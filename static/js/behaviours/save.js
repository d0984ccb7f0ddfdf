/* What is saved in place carries the token of its form, and says so when it did not arrive; a
   refusal (409) comes as one sentence. */

/** The sentence for an answer that is not the one hoped for; none where nothing was to be saved. */
export function refusal(detail, words) {
  if (detail.requestConfig?.verb === "get") return "";
  return (detail.xhr?.status === 409 && detail.xhr.responseText) || words;
}

function carryToken(event) {
  const token = event.target.closest("form")?.querySelector("input[name=csrf_token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
}

function say(event) {
  if (event.target.closest("form[data-unsent]")) return; // says it beside the person
  const source = document.querySelector("script[data-not-saved]");
  const notes = document.getElementById("notes");
  const sentence = source && refusal(event.detail, source.dataset.notSaved);
  if (!sentence || !notes) return;
  const note = document.createElement("p");
  note.className = "note note-error";
  note.textContent = sentence;
  notes.replaceChildren(note);
  notes.scrollIntoView({ block: "nearest" });
}

export function listen(page) {
  page.addEventListener("htmx:configRequest", carryToken);
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) page.addEventListener(name, say);
}
