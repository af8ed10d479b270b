// The overview: totals, capital by quarter, the largest and the newest rounds, valuation against ARR.

import { to } from "../address.js";
import { companyLink, roundFigure, stageLink } from "../cells.js";
import { key } from "../charts/frame.js";
import { scatterChart } from "../charts/scatter.js";
import { h } from "../dom.js";
import { count, date, money } from "../format.js";
import { pair, sectionToFill } from "../parts.js";
import { empty, fill } from "../states.js";
import { plainTable } from "../table.js";
import { capitalParts, STACKS } from "./overview/capital.js";

const COUNTED = { status: ["announced", "closed"], instrument: "equity" };
const SHORT = 8;
const DOTS =
  "An orange dot marks a number that a source disagrees with; ≥ is at least, ≤ at most, and ≈ about.";

/** Build the view. */
export function mount() {
  const totals = h("dl", { class: "totals" });
  const capital = sectionToFill("capital", "Capital raised by quarter", { tall: true });
  const largest = sectionToFill("largest", "Largest rounds", { lines: SHORT });
  const newest = sectionToFill("newest", "Newest rounds", { lines: SHORT });
  const scatter = sectionToFill("scatter", "Valuation against recurring revenue", { tall: true });
  const node = h(
    "div",
    { class: "overview" },
    h("h1", null, "What AI companies raise, and who says so"),
    h(
      "p",
      { class: "lead" },
      "Every number here was stated by somebody, or follows from numbers that were. Follow it to what is behind it: the rounds of a sum, and the claims of a number with who said it and when, whether it is exact or a bound, and who disagrees.",
    ),
    totals,
    capital.node,
    h("div", { class: "pair" }, largest.node, newest.node),
    h("p", { class: "note" }, DOTS),
    scatter.node,
  );
  totals.append(...Array.from({ length: 4 }, () => h("div", { class: "waits" })));

  async function update({ stack }, asking) {
    const by = stack in STACKS ? stack : "country";
    await Promise.all([
      fill(totals, answersOfTotals(asking), totalItems),
      fill(
        capital.part,
        asking.get("v1/rounds/stats", {
          group_by: `quarter,${by}`,
          sort: "quarter",
          limit: 200,
          announced_from: 2022,
        }),
        (answer) => capitalParts(answer, by),
      ),
      fill(
        largest.part,
        asking.get("v1/rounds", { ...COUNTED, sort: "-amount_usd", limit: SHORT }),
        (answer) =>
          shortTable(
            "Largest rounds",
            answer,
            link("All rounds by amount", { ...COUNTED, sort: "-amount_usd" }),
          ),
      ),
      fill(newest.part, asking.get("v1/rounds", { sort: "-announced_on", limit: SHORT }), (answer) =>
        shortTable("Newest rounds", answer, link("All rounds by date", {})),
      ),
      fill(
        scatter.part,
        Promise.all([
          asking.get("v1/companies", {
            min_arr_multiple: 0,
            bounds: "possible",
            sort: "-valuation_usd",
            limit: 200,
          }),
          asking.get("v1/companies", { min_valuation_usd: 0, bounds: "possible", count: true, limit: 1 }),
        ]),
        scatterParts,
      ),
    ]);
    return null;
  }

  return { node, update };
}

async function answersOfTotals(asking) {
  return Promise.all([asking.get("v1/rounds/stats"), asking.getNow("v1/dataset")]);
}

function totalItems([
  {
    data: [all],
  },
  { counts, coverage },
]) {
  const {
    amount_usd: amounts,
    count: rounds,
    undisclosed,
  } = all ?? { amount_usd: {}, count: 0, undisclosed: 0 };
  const other = amounts.missing - undisclosed;
  return [
    pair(
      "Equity raised",
      amounts.sum ? byAmount(`${money(amounts.sum)} stated`) : "none known",
      `the sum that ${count(amounts.known ?? 0)} of ${count(rounds)} rounds state; ${count(amounts.bounds ?? 0)} of these only bound it`,
    ),
    pair(
      "Undisclosed",
      byAmount(`${count(undisclosed)} rounds`, "amount_usd"),
      `name no amount and are in no sum: the last of the rounds by amount${other > 0 ? `; ${count(other)} more have no rate to USD` : ""}`,
    ),
    pair(
      "Median round",
      amounts.median ? byAmount(money(amounts.median)) : "–",
      amounts.p25 ? `of the rounds by amount; half lie between ${money(amounts.p25)} and ${money(amounts.p75)}` : "",
    ),
    pair(
      "Claims",
      h("a", { class: "number", href: "v1/claims.csv", download: true }, count(counts.claims)),
      `as one file, from ${count(counts.sources)} sources on ${count(counts.companies)} companies in ${count(coverage.countries)} countries`,
    ),
  ];
}

/** What is computed of the counted rounds leads to them. */
const byAmount = (text, sort = "-amount_usd") =>
  h("a", { class: "number", href: to("rounds", { ...COUNTED, sort }) }, text);

const link = (text, asked) => h("a", { href: to("rounds", asked) }, text);

function shortTable(caption, { data }, all) {
  if (!data.length) return empty("None is known by then.");
  const columns = [
    { label: "Company", cell: ({ company }) => companyLink(company) },
    { label: "Round", width: "8.5rem", rank: 2, cell: stageLink },
    {
      label: "Announced",
      width: "7.75rem",
      cell: ({ announced_on: day }) => h("time", { datetime: day }, date(day)),
    },
    { label: "Amount", width: "7rem", number: true, cell: (round) => roundFigure(round, "amount_raised") },
  ];
  return [plainTable(caption, columns, data), h("p", null, all)];
}

function scatterParts([{ data }, { page: valued }]) {
  const points = data.flatMap((company) => {
    const [valuation, arr] = ["valuation", "arr"].map((metric) =>
      company.arr_multiple.inputs.find((input) => input.metric === metric),
    );
    return valuation && arr && company.arr_multiple.comparable !== false ? [{ company, valuation, arr }] : [];
  });
  const drawn = points.filter(({ valuation, arr }) => valuation.currency === "USD" && arr.currency === "USD");
  if (!drawn.length) return empty("No company with both numbers is known by then.");
  const apart = data.length - points.length;
  const undated = drawn.filter(({ company }) => company.arr_multiple.gap_days === null).length;
  const left = [
    `${count(valued.total - data.length)} with a valuation and no ARR`,
    `${count(apart)} whose two numbers lie more than a year apart`,
    `${count(points.length - drawn.length)} stated in other currencies`,
  ];
  return [
    key([
      ["dot", "stated"],
      ["dot about", "approximate"],
      ["arrow", "only a bound: it lies further along the arrow"],
      ["dash", "equal multiples"],
    ]),
    scatterChart(drawn),
    h(
      "p",
      { class: "note" },
      `The latest valuation and the ARR nearest to it in time, of ${count(drawn.length)} companies, of which ${count(undated)} leave a number undated: these may not compare. Left out: ${left.join(", ")}. `,
      h(
        "a",
        { href: to("companies", { min_arr_multiple: 0, bounds: "possible", sort: "-arr_multiple" }) },
        "All multiples as a table",
      ),
    ),
  ];
}
