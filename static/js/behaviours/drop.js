/* What drops down closes by the Escape key, and by a click beside it unless it is a menu (data-drop="menu"). */
import { all } from "../starter.js";

export function listen(page) {
  page.addEventListener("click", (event) => {
    for (const open of all("details[data-drop][open]:not([data-drop=menu])", page)) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of all("details[data-drop][open]", page)) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
}
