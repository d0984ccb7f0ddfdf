/* Long lists (countries) become searchable; the library comes only where one is on the page. */

export const selector = "select[data-search]";

function nothingFound(words) {
  const nothing = document.createElement("div");
  nothing.className = "no-results";
  nothing.textContent = words;
  return nothing;
}

function searchable(select, words) {
  if (select.tomselect) return;
  const search = new window.TomSelect(select, {
    maxOptions: null,
    refreshThrottle: 0, // or Enter takes the first of an older list
    allowEmptyOption: false,
    clearAfterSelect: true,
    render: { no_results: () => nothingFound(words) },
  });
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) search.control_input.setAttribute(name, select.getAttribute(name));
  }
  select.setAttribute("aria-hidden", "true");
}

let library = null;

function load(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

export function start(select) {
  const source = document.querySelector("script[data-tom-select]");
  if (!source) return;
  load(source.dataset.tomSelect).then(
    () => searchable(select, source.dataset.noResults),
    () => {}, // the plain list stays, which works too
  );
}
