// Filters over a table. What is chosen stands in the address alone; the bar shows what is there.

import { changed, cleared, go } from "./address.js";
import { Asking } from "./api.js";
import { h, setDay } from "./dom.js";
import { count, country, date, money, word } from "./format.js";
import { fill, skeleton } from "./states.js";

const SHOWN_ELSEWHERE = ["sort", "known_on", "bounds", "limit", "cursor", "count"];
const AMOUNTS = [1e6, 1e7, 1e8, 1e9, 1e10];
/** Lists of what a filter takes an id of. */
const LISTS = { company: "companies", investor: "investors", lead_investor: "investors" };
const RANGE = /^(min|max)_|_(from|to)$/;

/** A filter that takes several words, which the statistics of the list count. */
export const facet = (parameter, label, shown = word) => ({ kind: "facet", parameter, label, shown });
/** A filter that takes words of names. */
export const words = (parameter, label) => ({ kind: "words", parameter, label });
/** A filter that takes an amount of USD. */
export const amount = (parameter, label) => ({ kind: "amount", parameter, label });
/** A filter that takes a day. */
export const day = (parameter, label) => ({ kind: "day", parameter, label });

/** Build a bar of filters; `statistics` is the path that counts the words of its facets. */
export function filterBar(filters, statistics) {
  const controls = filters.map((filter) => BUILT[filter.kind](filter, statistics));
  const chips = h("p", { class: "chips", role: "group", "aria-label": "Filters that are set" });
  const possible = h("input", {
    type: "checkbox",
    onchange: () => go(changed({ bounds: possible.checked ? "possible" : null })),
  });
  const maybe = h("label", { class: "maybe" }, possible, " also what may match: bounds and vague dates");
  const node = h(
    "form",
    { class: "filters", onsubmit: (event) => event.preventDefault() },
    ...controls.map(({ node }) => node),
  );
  document.addEventListener("click", ({ target }) => closeFacets((open) => !open.contains(target)));
  node.addEventListener("keydown", ({ key }) => key === "Escape" && closeFacets(() => true));

  function closeFacets(which) {
    for (const open of node.querySelectorAll("details[open]")) {
      if (which(open)) {
        const inside = open.contains(document.activeElement);
        open.open = false;
        if (inside) open.querySelector("summary").focus();
      }
    }
  }

  /** Show what an address asks for. */
  function update(params) {
    for (const { update: show } of controls) show(params);
    const set = [...params].filter(([key]) => !SHOWN_ELSEWHERE.includes(key));
    chips.replaceChildren(...set.map(([key, value]) => chip(filters, params, key, value)));
    if (set.length > 1) chips.append(" ", h("a", { href: cleared() }, "Take all away"));
    maybe.hidden = !set.some(([key]) => RANGE.test(key));
    possible.checked = params.get("bounds") === "possible";
  }

  return { node: h("div", { class: "filtering" }, node, chips, maybe), update };
}

function chip(filters, params, key, value) {
  const filter = filters.find(({ parameter }) => parameter === key);
  const left = params.getAll(key).filter((one) => one !== value);
  const text = h("span");
  const node = h(
    "a",
    { class: "chip", href: changed({ [key]: left }) },
    text,
    h("span", { "aria-hidden": "true" }, " ×"),
  );
  const show = (shown) => {
    const label = `${filter?.label ?? word(key)}: ${shown}`;
    text.textContent = label;
    node.setAttribute("aria-label", `Take away ${label}`);
  };
  show(SHOWN[filter?.kind]?.(value, filter) ?? value);
  if (key in LISTS) named(LISTS[key], value, params).then(show, () => null);
  return node;
}

/** Ask for the name behind an id; without one the id stays. */
async function named(list, id, params) {
  const asking = new Asking(AbortSignal.timeout(10_000), params.get("known_on"));
  const { name } = await asking.get(`v1/${list}/${encodeURIComponent(id)}`);
  return name;
}

const SHOWN = {
  facet: (value, { shown }) => known(shown, value),
  amount: (value) => (Number.isFinite(Number(value)) ? money(Number(value)) : value),
  day: date,
};

/** Whatever an address says is shown, though it may not be a word of the list. */
function known(shown, value) {
  try {
    return shown(value);
  } catch {
    return value;
  }
}

const BUILT = { facet: buildFacet, words: buildWords, amount: buildAmount, day: buildDay };

function buildFacet({ parameter, label, shown }, statistics) {
  const summary = h("summary", null, label);
  const list = h("div", { class: "options", role: "group", "aria-label": label });
  const node = h("details", { class: "facet", ontoggle: () => node.open && load() }, summary, list);
  let params = new URLSearchParams();

  function load() {
    list.replaceChildren(skeleton(6));
    const { signal } = new AbortController();
    const asking = new Asking(signal, params.get("known_on"));
    const asked = [...params].filter(
      ([key]) => ![parameter, "known_on", "sort", "limit", "cursor", "count"].includes(key),
    );
    const groups = asking.all(
      statistics.path,
      withAll(new URLSearchParams([...asked, ["group_by", parameter], ["sort", "-count"]]), statistics.all),
    );
    fill(list, groups, (found) => options(found));
  }

  function options(groups) {
    const chosen = params.getAll(parameter);
    const found = groups
      .filter(({ key }) => key[parameter] !== null)
      .map(({ key, count: members }) => [key[parameter], members]);
    const gone = chosen.filter((value) => !found.some(([one]) => one === value)).map((value) => [value, 0]);
    return [...found, ...gone].map(([value, members]) =>
      h(
        "label",
        null,
        h("input", { type: "checkbox", value, checked: chosen.includes(value), onchange: choose }),
        " ",
        known(shown, value),
        " ",
        h("small", null, count(members)),
      ),
    );
  }

  function choose() {
    const values = [...list.querySelectorAll("input:checked")].map((input) => input.value);
    go(changed({ [parameter]: values }));
  }

  function update(now) {
    const chosen = now.getAll(parameter);
    params = now;
    summary.textContent = chosen.length ? `${label} (${chosen.length})` : label;
    summary.classList.toggle("is-set", chosen.length > 0);
    for (const input of list.querySelectorAll("input")) input.checked = chosen.includes(input.value);
  }

  return { node, update };
}

/** Statistics take in closed and announced equity alone unless they are asked for all. */
function withAll(params, all) {
  for (const [key, values] of Object.entries(all)) {
    if (!params.has(key) || params.get("group_by") === key)
      for (const value of values) params.append(key, value);
  }
  return params;
}

function buildWords({ parameter, label }) {
  const input = h("input", {
    type: "search",
    maxlength: "200",
    onchange: () => go(changed({ [parameter]: input.value.trim() })),
  });
  return {
    node: h("label", { class: "words" }, h("span", null, label), input),
    update: (params) => (input.value = params.get(parameter) ?? ""),
  };
}

function buildAmount({ parameter, label }) {
  const select = h("select", { onchange: () => go(changed({ [parameter]: select.value })) });
  return {
    node: h("label", null, h("span", null, label), select),
    update(params) {
      const value = params.get(parameter) ?? "";
      const offered = ["", ...AMOUNTS.map(String)];
      if (!offered.includes(value)) offered.push(value);
      select.replaceChildren(
        ...offered.map((one) => h("option", { value: one }, one === "" ? "any" : SHOWN.amount(one))),
      );
      select.value = value;
    },
  };
}

function buildDay({ parameter, label }) {
  const input = h("input", { type: "date", onchange: () => go(changed({ [parameter]: input.value })) });
  return {
    node: h("label", null, h("span", null, label), input),
    update: (params) => setDay(input, params.get(parameter)),
  };
}

/** The facet of countries, which all lists have. */
export const countries = facet("country", "Country", country);
