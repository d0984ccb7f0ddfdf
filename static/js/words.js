/* Sentences of the page with numbers that only the browser knows. The page brings the words, one
   form a plural: data-chosen-one="{count} chosen" data-chosen-other="{count} chosen". */

/** The text with its gaps filled; each gap once, so that what is filled in is never read as one. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => (Object.hasOwn(values, name) ? String(values[name]) : gap));
}

/** Which of an element's forms of a sentence fits the number in the language. French and
    Portuguese count 0 as one; a form the page lacks (many) is the general one. */
export function plural(dataset, name, number, language) {
  const form = new Intl.PluralRules(language).select(number);
  const key = (ending) => name + ending[0].toUpperCase() + ending.slice(1);
  return dataset[key(form)] ?? dataset[key("other")] ?? "";
}

/** The language that the page speaks. */
export function language() {
  return document.documentElement.lang || "en";
}
