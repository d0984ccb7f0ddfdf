/* Sends acts one after the other. What did not arrive is kept in this tab and sent again by itself;
   its token makes sure that it happens once. */

const PAUSES = [1, 2, 4, 8, 15]; // seconds until the next try

/** What an answer means: done, refused, somebody else was first, not arrived, no longer signed in
    (the page's token is of another session), or not to be done at all. */
export function outcome(response, answer) {
  if (!response || response.status >= 500) return "unsent";
  if (response.type === "opaqueredirect" || response.status === 400) return "expired";
  if (!answer) return "lost";
  return { 200: "done", 409: "changed", 422: "refused" }[response.status] ?? "lost";
}

/** The body of an act: names with one value, or several. */
export function body(fields, token) {
  const sent = new URLSearchParams({ form_token: token });
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null) sent.append(name, one);
  }
  return sent;
}

/** A queue of acts. ``fetch`` and ``storage`` are the browser's; ``on`` hears what became of them;
    ``later`` does something after so many seconds. */
export class Queue {
  constructor({ url, csrf, fetch, storage, key, on, later }) {
    Object.assign(this, { url, csrf, fetch, storage, key, on });
    this.later = later ?? ((act, seconds) => setTimeout(act, seconds * 1000));
    this.sending = false;
    this.tries = 0;
    this.waiting = this.read();
  }

  read() {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  keep() {
    try {
      if (this.waiting.length) this.storage.setItem(this.key, JSON.stringify(this.waiting));
      else this.storage.removeItem(this.key);
    } catch {
      // full or switched off: the page still shows what is not saved
    }
    this.on.waiting(this.waiting.length, this.tries > 0);
  }

  size() {
    return this.waiting.length;
  }

  send(act, fields) {
    this.waiting.push({ act, fields, token: crypto.randomUUID() });
    this.keep();
    return this.next();
  }

  async post(one) {
    const response = await this.fetch(`${this.url}/${one.act}`, {
      method: "POST",
      body: body(this.on.fresh(one.fields), one.token),
      headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
      redirect: "manual", // who was signed out is led to another page
    }).catch(() => null);
    const answer = response?.type === "opaqueredirect" ? null : await response?.json().catch(() => null);
    return { came: outcome(response, answer), answer };
  }

  async next() {
    if (this.sending || !this.waiting.length) return;
    this.sending = true;
    const [one] = this.waiting;
    const { came, answer } = await this.post(one);
    this.sending = false;
    if (came === "unsent" || came === "expired") return this.again(came);
    this.tries = 0;
    this.waiting.shift();
    this.keep();
    this.on[came](answer, one);
    return this.next();
  }

  again(came) {
    const pause = PAUSES[Math.min(this.tries, PAUSES.length - 1)];
    this.tries += 1;
    this.keep();
    if (came === "expired") this.on.expired();
    else this.later(() => this.next(), pause);
  }
}
