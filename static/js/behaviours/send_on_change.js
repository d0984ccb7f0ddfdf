/* A choice that sends its form at once. */

export function listen(page) {
  page.addEventListener("change", (event) => {
    const control = event.target.closest("[data-send-on-change]");
    if (control && control.form) control.form.requestSubmit();
  });
}
