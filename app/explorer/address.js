// Addresses of views. A view's address is that of its request: what isn't named here goes to the API
// as it stands, so that a wrong parameter is the API's to refuse.

const OF_THE_PAGE = ["view", "claims", "stack"];
const STAYS = ["view", "sort", "known_on"];

/**
 * Where the page is: a view, what it asks the API for, whose claims are open, and how charts stack.
 * @typedef {{view: string, params: URLSearchParams, claims: string | null, stack: string | null}} Place
 */

/** Read the page's address.
 * @returns {Place} */
export function here() {
  const params = new URLSearchParams(location.search);
  const [view, claims, stack] = OF_THE_PAGE.map((key) => params.get(key));
  for (const key of OF_THE_PAGE) params.delete(key);
  return { view: view ?? "overview", params, claims, stack };
}

/** Write the address of a view; the day whose knowledge is shown goes along, unless it is given. */
export function to(view, asked = {}) {
  const params = new URLSearchParams(view === "overview" ? [] : [["view", view]]);
  for (const [key, value] of pairs(asked)) params.append(key, value);
  const day = new URLSearchParams(location.search).get("known_on");
  if (day !== null && !params.has("known_on")) params.set("known_on", day);
  return written(params);
}

/** Write the address of the rounds that count in what a company raised by an instrument. */
export const toRaised = (company, instrument) =>
  to("rounds", { company, instrument, status: ["announced", "closed"] });

/**
 * Write this address with some parameters changed: a list repeats one, null takes it away. Claims stay
 * open only where that is asked for.
 */
export function changed(changes) {
  const params = new URLSearchParams(location.search);
  for (const key of ["claims", ...Object.keys(changes)]) params.delete(key);
  for (const [key, value] of pairs(changes)) params.append(key, value);
  return written(params);
}

/** Write this address without its filters; order and day stay. */
export function cleared() {
  const filters = [...new URLSearchParams(location.search).keys()].filter((key) => !STAYS.includes(key));
  return changed(Object.fromEntries(filters.map((key) => [key, null])));
}

/** Write parameters for the API. */
export function query(asked) {
  const params = new URLSearchParams();
  for (const [key, value] of pairs(asked)) params.append(key, value);
  return params;
}

/** Keep where a view is scrolled to, for whoever comes back to it. */
export function keepScroll() {
  history.replaceState({ ...history.state, scrolled: scrollY }, "");
}

/** Go to an address, which the page shows at once. */
export function go(address, { replace = false } = {}) {
  keepScroll();
  history[replace ? "replaceState" : "pushState"](null, "", address);
  dispatchEvent(new Event("navigate"));
}

function pairs(asked) {
  const entries = asked instanceof URLSearchParams ? [...asked] : Object.entries(asked);
  return entries.flatMap(([key, value]) =>
    [value]
      .flat()
      .filter((one) => one !== null && one !== undefined && one !== "")
      .map((one) => [key, String(one)]),
  );
}

function written(params) {
  return params.size ? `?${params}` : "./";
}
