/* After a refused form: the list of what is wrong is read out first, and each line leads to its field. */

export const selector = "[data-problem]";

export function start(problem) {
  if (!document.activeElement?.closest(selector)) problem.focus(); // the first of several
}

function goToField(event) {
  const link = event.target.closest("[data-problem] a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const place = target.closest(".field, .group, tr") ?? target;
  place.scrollIntoView({ block: "start" });
  (target.tomselect ?? target).focus({ preventScroll: true });
}

export function listen(page) {
  page.addEventListener("click", goToField);
}
