/* Gives each element of a page, or of what was swapped in, the behaviours that it asks for. */

/** The elements that match, the root among them: what is swapped in may be one element. */
export function all(selector, root) {
  const found = Array.from(root.querySelectorAll(selector));
  return root.matches && root.matches(selector) ? [root, ...found] : found;
}

/** A function that starts the behaviours below a root, each once an element.
    A behaviour has a `selector` and `start(element)`; one that only listens has neither. */
export function starter(behaviours) {
  const started = new Map(behaviours.map((behaviour) => [behaviour, new WeakSet()]));
  return (root) => {
    for (const behaviour of behaviours.filter((one) => one.selector)) {
      const known = started.get(behaviour);
      for (const element of all(behaviour.selector, root).filter((one) => !known.has(one))) {
        known.add(element);
        behaviour.start(element);
      }
    }
  };
}
