/* A button that prints the page. */

export function listen(page) {
  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
