/* What makes pages quicker where script runs; every page works without it. No eval, no inline style. */
"use strict";

(() => {
  document.documentElement.classList.add("js");

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  /* After a refused form: the summary is read out first. */
  function focusProblem(root) {
    const problem = root.querySelector("[data-problem]");
    if (problem) problem.focus();
  }

  function goToField(event) {
    const link = event.target.closest("[data-problem] a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const place = target.closest(".field, .group, tr") || target;
    place.scrollIntoView({ block: "start" });
    (target.tomselect || target).focus({ preventScroll: true });
  }

  /* A second click on a button does nothing twice. The value of the pressed button is kept, since a
     disabled button would not be sent; coming back by the browser's history frees the form again. */
  function guardSubmit(event) {
    const form = event.target;
    const waits = form.method.toLowerCase() === "post" || form.hasAttribute("data-download");
    if (event.defaultPrevented || !waits) return;
    if (form.dataset.sending === "yes") {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    for (const button of all("button[type=submit], button:not([type])", form)) {
      button.setAttribute("aria-busy", "true");
      button.setAttribute("aria-disabled", "true");
    }
    if (form.hasAttribute("data-download")) window.setTimeout(() => freeForm(form), 4000);
  }

  function freeForm(form) {
    delete form.dataset.sending;
    for (const button of all("[aria-busy]", form)) {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  }

  /* Seats by country and function: sums as you type. The server checks them again. */
  const seats = (input) => {
    const number = Number.parseInt(input.value, 10);
    return Number.isFinite(number) && number > 0 ? number : 0;
  };

  function sumMatrix(matrix) {
    const inputs = all("input[data-row][data-column]", matrix);
    const sum = (chosen) => chosen.reduce((total, input) => total + seats(input), 0);
    for (const output of all("output[data-sum-row]", matrix)) {
      output.value = sum(inputs.filter((input) => input.dataset.row === output.dataset.sumRow));
    }
    for (const output of all("output[data-sum-column]", matrix)) {
      output.value = sum(inputs.filter((input) => input.dataset.column === output.dataset.sumColumn));
    }
    const total = sum(inputs);
    for (const output of all("output[data-sum-total]", matrix)) output.value = total;
    const note = document.getElementById(matrix.dataset.note || "");
    if (!note) return;
    const field = document.getElementById(matrix.dataset.capacityField || "");
    const capacity = field ? seats(field) : Number.parseInt(matrix.dataset.capacity, 10);
    if (!Number.isFinite(capacity)) return;
    const difference = capacity - total;
    const state = difference === 0 ? "even" : difference > 0 ? "left" : "over";
    note.dataset.state = state;
    note.textContent = note.dataset[state]
      .replace("{total}", total).replace("{capacity}", capacity).replace("{difference}", Math.abs(difference));
  }

  function setUpMatrix(matrix) {
    matrix.addEventListener("input", () => sumMatrix(matrix));
    const field = document.getElementById(matrix.dataset.capacityField || "");
    if (field) field.addEventListener("input", () => sumMatrix(matrix));
    matrix.addEventListener("keydown", (event) => {
      const input = event.target;
      if (!input.dataset || input.dataset.row === undefined) return;
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown" && event.key !== "Enter") return;
      const column = all(`input[data-column="${input.dataset.column}"]`, matrix);
      const next = column[column.indexOf(input) + (event.key === "ArrowUp" ? -1 : 1)];
      event.preventDefault();
      if (next) {
        next.focus();
        next.select();
      }
    });
    sumMatrix(matrix);
  }

  /* Choosing rows of a table: all at once, a range with the shift key, and how many are chosen. */
  function setUpChoosing(form) {
    const boxes = () => all("[data-row-check]", form);
    const master = form.querySelector("[data-check-all]");
    const count = form.querySelector("[data-chosen]");
    let last = null;
    const show = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      if (master) {
        master.checked = chosen > 0 && chosen === boxes().length;
        master.indeterminate = chosen > 0 && chosen < boxes().length;
      }
      if (count) {
        const text = chosen === 1 ? count.dataset.one : count.dataset.many;
        count.textContent = text.replace("{count}", chosen);
      }
    };
    if (master) {
      master.addEventListener("change", () => {
        for (const box of boxes()) box.checked = master.checked;
        show();
      });
    }
    form.addEventListener("click", (event) => {
      const box = event.target.closest("[data-row-check]");
      if (!box) return;
      const list = boxes();
      if (event.shiftKey && last && list.includes(last)) {
        const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
        for (const between of list.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
      show();
    });
    show();
  }

  /* Attendance by keyboard: up and down go from person to person, a letter marks and goes on. The
     letters are those printed in the page's help (data-key), so each language has its own. */
  function presenceKeys(event) {
    const input = event.target.closest("[data-presence] input[type=radio]");
    if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
    const group = input.closest("[data-presence]");
    const groups = all("[data-presence]").filter((one) => one.querySelector("input:not(:disabled)"));
    const move = (step) => {
      const next = groups[groups.indexOf(group) + step];
      if (next) (next.querySelector("input:checked") || next.querySelector("input:not(:disabled)")).focus();
    };
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    const wanted = group.querySelector(`input[data-key="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
    if (!wanted) return;
    event.preventDefault();
    if (!wanted.checked) {
      wanted.checked = true;
      wanted.dispatchEvent(new Event("change", { bubbles: true }));
    }
    wanted.focus();
    move(1);
  }

  /* Long lists (countries) become searchable; the library comes only where one is on the page. */
  function loadSearch(selects) {
    const source = document.querySelector("script[data-tom-select]");
    if (!source || !selects.length) return;
    const start = () => {
      for (const select of selects) {
        if (select.tomselect) continue;
        const search = new window.TomSelect(select, {
          maxOptions: null,
          refreshThrottle: 0, // or Enter takes the first of an older list
          allowEmptyOption: false,
          clearAfterSelect: true,
          render: {
            no_results: () => {
              const nothing = document.createElement("div");
              nothing.className = "no-results";
              nothing.textContent = source.dataset.noResults;
              return nothing;
            },
          },
        });
        for (const name of ["aria-describedby", "aria-invalid"]) {
          if (select.hasAttribute(name)) search.control_input.setAttribute(name, select.getAttribute(name));
        }
        select.setAttribute("aria-hidden", "true");
      }
    };
    if (window.TomSelect) {
      start();
      return;
    }
    const script = document.createElement("script");
    script.src = source.dataset.tomSelect;
    script.addEventListener("load", start);
    document.head.append(script);
  }

  /* On a phone the current tab may lie beyond the edge. */
  function showCurrentTab(tabs) {
    const current = tabs.querySelector("[aria-current]");
    if (!current) return;
    const [row, tab] = [tabs.getBoundingClientRect(), current.getBoundingClientRect()];
    if (tab.left < row.left || tab.right > row.right) {
      tabs.scrollLeft += tab.left - row.left - (row.width - tab.width) / 2;
    }
  }

  function setUp(root) {
    all(".tabs", root).forEach(showCurrentTab);
    all("[data-matrix]", root).forEach(setUpMatrix);
    all("form[data-choosing]", root).forEach(setUpChoosing);
    loadSearch(all("select[data-search]", root));
  }

  document.addEventListener("submit", guardSubmit);
  document.addEventListener("keydown", presenceKeys);
  document.addEventListener("click", goToField);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    for (const open of all("details.drop[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of all("details.drop[open], details.menu[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  document.addEventListener("change", (event) => {
    const control = event.target.closest("[data-send-on-change]");
    if (control && control.form) control.form.requestSubmit();
  });
  /* What is saved in place carries the token of its form, and says so when it did not arrive;
     a refusal (409) comes as one sentence. */
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest("form");
    const token = form && form.querySelector("input[name=csrf_token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (event.detail.requestConfig && event.detail.requestConfig.verb === "get") return;
      const source = document.querySelector("script[data-not-saved]");
      const notes = document.getElementById("notes");
      if (!source || !notes) return;
      const note = document.createElement("p");
      note.className = "note note-error";
      const answer = event.detail.xhr;
      note.textContent = (answer && answer.status === 409 && answer.responseText) || source.dataset.notSaved;
      notes.replaceChildren(note);
      notes.scrollIntoView({ block: "nearest" });
    });
  }
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sending]").forEach(freeForm);
  });
  document.addEventListener("htmx:afterSwap", (event) => setUp(event.target));
  document.addEventListener("DOMContentLoaded", () => {
    setUp(document);
    focusProblem(document);
  });
})();
