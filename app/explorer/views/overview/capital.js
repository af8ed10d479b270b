// Capital raised by quarter: the groups of the API's statistics, gathered into stacked bars and a table.

import { changed, to } from "../../address.js";
import { key } from "../../charts/frame.js";
import { ofQuarter, quartersChart } from "../../charts/quarters.js";
import { h } from "../../dom.js";
import { count, country, money, quarter, word } from "../../format.js";
import { empty } from "../../states.js";
import { plainTable } from "../../table.js";

/** By what bars are stacked: in words, and how its values are shown. */
export const STACKS = { country: ["by country", country], stage: ["by stage", word] };

const MOST_GROUPS = 5;
const QUARTERS = 18;
const REST = "Others";

/** Draw groups by quarter and `by`. */
export function capitalParts({ data }, by) {
  const dated = data.filter(({ key: { quarter: at } }) => at !== null);
  if (!dated.length) return empty("No round with a quarter is known by then.");
  const bars = barsOf(dated, by);
  const undated = data
    .filter(({ key: { quarter: at } }) => at === null)
    .reduce((sum, group) => sum + group.count, 0);
  const sums = (field) => bars.reduce((sum, bar) => sum + bar[field], 0);
  const names = bars.names.map((value, place) => [`fill-${value === REST ? "rest" : place + 1}`, value]);
  return [
    h("div", { class: "bar" }, stackLinks(by), key(names)),
    quartersChart(`Capital raised in equity by quarter, ${STACKS[by][0]}`, bars),
    h(
      "p",
      { class: "note" },
      `Closed and announced equity, at the stated amounts. ${count(sums("bounds"))} of them are only bounds, and ${count(sums("undisclosed"))} rounds name none: each bar is what is known of its quarter. ${count(undated)} rounds since 2022 name no quarter.`,
    ),
    asTable(bars),
  ];
}

const stackLinks = (by) =>
  h(
    "p",
    { class: "ways" },
    ...Object.entries(STACKS).map(([one, [text]]) =>
      h(
        "a",
        {
          href: changed({ stack: one === "country" ? null : one }),
          "aria-current": one === by ? "true" : null,
        },
        text,
      ),
    ),
  );

/** Gather groups into a bar a quarter, in which the largest kinds stand by themselves. */
function barsOf(groups, by) {
  const [, shown] = STACKS[by];
  const sums = new Map();
  for (const {
    key: { [by]: value },
    amount_usd: { sum },
  } of groups) {
    if (value !== null && value !== "unknown") sums.set(value, (sums.get(value) ?? 0) + (sum ?? 0));
  }
  const largest = [...sums]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MOST_GROUPS)
    .map(([value]) => value);
  const quarters = [...new Set(groups.map(({ key: { quarter: at } }) => at))].toSorted().slice(-QUARTERS);
  const bars = quarters.map((at) =>
    bar(
      at,
      groups.filter(({ key: { quarter: own } }) => own === at),
      largest,
      by,
      shown,
    ),
  );
  return Object.assign(bars, { names: [...largest.map(shown), REST] });
}

function bar(at, groups, largest, by, shown) {
  const of = (value) => groups.filter(({ key: { [by]: own } }) => own === value);
  const rest = groups.filter(({ key: { [by]: own } }) => !largest.includes(own));
  const sum = (some) => some.reduce((total, group) => total + (group.amount_usd.sum ?? 0), 0);
  const add = (field) => groups.reduce((total, group) => total + field(group), 0);
  return {
    key: at,
    total: sum(groups),
    rounds: add((group) => group.count),
    bounds: add((group) => group.amount_usd.bounds),
    undisclosed: add((group) => group.undisclosed),
    parts: [
      ...largest.map((value, place) => ({ name: shown(value), of: { [by]: value }, sum: sum(of(value)), colour: place + 1 })),
      { name: REST, sum: sum(rest), colour: "rest" },
    ],
  };
}

/** A sum, which leads to the rounds that it sums. */
const roundsLink = (sum, asked) => h("a", { class: "number", href: to("rounds", asked) }, money(sum));

/** The sum of a part of a quarter; the rest is what is left, which no filter asks for. */
function partLink({ sum, of }, at) {
  if (!sum) return null;
  return of ? roundsLink(sum, { ...ofQuarter(at), ...of }) : money(sum);
}

function asTable(bars) {
  const columns = [
    { label: "Quarter", cell: ({ key: at }) => quarter(at) },
    { label: "Rounds", number: true, cell: ({ rounds }) => count(rounds) },
    { label: "Undisclosed", number: true, rank: 2, cell: ({ undisclosed }) => count(undisclosed) },
    { label: "Raised", number: true, cell: (one) => roundsLink(one.total, ofQuarter(one.key)) },
    ...bars.names.map((text, place) => ({
      label: text,
      number: true,
      rank: 4,
      cell: ({ key: at, parts }) => partLink(parts[place], at),
    })),
  ];
  return h(
    "details",
    { class: "as-table" },
    h("summary", null, "As a table"),
    h(
      "div",
      { class: "frame", tabindex: "0", role: "region", "aria-label": "Capital by quarter" },
      plainTable("Capital raised by quarter", columns, bars),
    ),
  );
}
