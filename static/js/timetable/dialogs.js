/* The acts on whole days: each asks in a dialog what it needs to know. */

/** The fields of a form as an act is sent them; several of one name as a list. */
export function fields(data) {
  const found = {};
  for (const [name, value] of data) {
    if (name === "days") (found.days ??= []).push(value);
    else found[name] = value;
  }
  return found;
}

export function dialogs(editor) {
  editor.open = (name) => {
    const dialog = editor.root.querySelector(`[data-dialog="${name}"]`);
    const day = dialog.querySelector("select[name=day]");
    const [session] = editor.sessions();
    if (day) day.value = session?.day ?? editor.day;
    const since = dialog.querySelector("[name=since]");
    if (since && session?.start) since.value = session.start;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.querySelector("button[value]:not([value=''])").focus();
  };
  for (const button of editor.root.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => editor.open(button.dataset.open));
  }
  for (const dialog of editor.root.querySelectorAll("[data-dialog]")) {
    dialog.addEventListener("close", () => {
      editor.focusNext = Boolean(dialog.returnValue); // on what it makes, or where it was opened from
      if (dialog.returnValue) editor.act(dialog.returnValue, fields(new FormData(dialog.querySelector("form"))));
      else if (editor.focused) editor.focus(editor.focused);
    });
  }
}
