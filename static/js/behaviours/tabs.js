/* On a phone the current tab, or the one that the keyboard reaches, may lie beyond the edge: it is
   scrolled into the middle of its row. */

export const selector = "[data-tabs]";

/** How far to scroll so that the tab is seen; 0 where it is. */
export function distance(row, tab) {
  if (tab.left >= row.left && tab.right <= row.right) return 0;
  return tab.left - row.left - (row.width - tab.width) / 2;
}

export function start(tabs) {
  const show = (tab) => {
    if (tab) tabs.scrollLeft += distance(tabs.getBoundingClientRect(), tab.getBoundingClientRect());
  };
  show(tabs.querySelector("[aria-current]"));
  tabs.addEventListener("focusin", (event) => show(event.target.closest("a")));
}
