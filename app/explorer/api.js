// Reading the API: every request of a view, told apart from those of the view before.

import { query } from "./address.js";

const LONGEST_PAGE = 200;

/** An answer that says no, as a problem document (RFC 9457) or, without one, in our words. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** What one view asks, in order; ends with it. */
export class Asking {
  /** @type {string[]} The addresses that were asked for, under the page's own. */
  addresses = [];

  constructor(signal, knownOn = null) {
    this.signal = signal;
    this.knownOn = knownOn;
  }

  /** Read an answer as of the day that is shown.
   * @throws {ProblemError} */
  get(path, asked = {}) {
    const params = query(asked);
    if (this.knownOn !== null) params.set("known_on", this.knownOn);
    return this.getNow(path, params);
  }

  /** Read an answer that is of no day.
   * @throws {ProblemError} */
  async getNow(path, asked = {}) {
    const params = query(asked);
    const address = params.size ? `${path}?${params}` : path;
    this.addresses.push(address);
    return read(address, this.signal);
  }

  /** Read a list to its end. */
  async all(path, asked = {}) {
    const params = query(asked);
    params.set("limit", LONGEST_PAGE);
    const found = [];
    for (let cursor = ""; cursor !== null;) {
      if (cursor) params.set("cursor", cursor);
      const { data, page } = await this.get(path, params);
      found.push(...data);
      cursor = page.next_cursor;
    }
    return found;
  }
}

/** Say that nothing answers. */
export function unreachable() {
  return new ProblemError({
    title: "The service can't be reached",
    detail: "Is the network up?",
    errors: [],
  });
}

async function read(address, signal) {
  let answer;
  try {
    answer = await fetch(address, { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => null);
  throw new ProblemError(told?.title ? told : { title: `The service answered ${answer.status}`, errors: [] });
}
