// The tables of a company: its rounds, its multiples, and every number in time.

import { derived, writer } from "../../bounds.js";
import { investors, roundColumns } from "../../cells.js";
import { h, joined, name, outside } from "../../dom.js";
import { count, date, disagreement, word } from "../../format.js";
import { figureLink, inputLinks, OWN_SERIES, quantityOfCompany, quantityOfRound } from "../../numbers.js";
import { empty } from "../../states.js";
import { plainTable } from "../../table.js";

const MULTIPLES = ["arr_multiple", "run_rate_multiple", "revenue_multiple"];
const OBSERVED = ["valuation", "arr", "revenue_run_rate", "revenue", "users", "employees", "total_raised"];

/** The rounds of a company. */
export const roundsTable = (rounds) =>
  rounds.length ? plainTable("Rounds", ofCompany(), rounds) : empty("No round is known.");

function ofCompany() {
  const ratio = (kind) => (round) => {
    if (round[kind].nominal === null) return h("span", { class: "none", title: round[kind].reason }, "–");
    const told = derived(round[kind], writer(kind));
    return h(
      "span",
      { title: told.words },
      told.text,
      h("small", { class: "below" }, told.bounds.split(":")[0]),
    );
  };
  const columns = roundColumns({ ofOneCompany: true }).map(({ sort: _, ...column }) => column);
  columns.splice(
    -1,
    1,
    { label: "Step-up", number: true, rank: 3, width: "7rem", cell: ratio("step_up") },
    { label: "Dilution", number: true, rank: 3, width: "7rem", cell: ratio("dilution") },
    { label: "Investors", rank: 2, cell: (round) => investors(round, { all: true }) },
  );
  return columns;
}

/** Multiples with both inputs, and how far apart these are. */
export function multiplesTable(company, metrics) {
  const found = metrics.filter(({ kind }) => MULTIPLES.includes(kind));
  if (!found.length) return empty("No valuation stands beside a revenue of any kind.");
  const columns = [
    { label: "As of", width: "8rem", cell: ({ as_of: day }) => date(day) },
    { label: "Multiple", width: "10rem", cell: ({ kind }) => word(kind) },
    { label: "Quoted", width: "6rem", number: true, cell: (one) => derived(one, writer(one.kind)).text },
    {
      label: "Bounds",
      rank: 2,
      width: "11rem",
      cell: (one) => derived(one, writer(one.kind)).bounds.split(":")[0],
    },
    {
      label: "Both inputs",
      cell: (one) => h("span", null, ...joined("\u00a0÷ ", inputLinks(one.inputs, company.id))),
    },
    {
      label: "Apart",
      number: true,
      rank: 2,
      width: "9rem",
      cell: ({ gap_days: days, comparable }) =>
        days === null
          ? "unknown"
          : [`${count(days)} days`, comparable ? null : h("small", { class: "below" }, "not comparable")],
    },
  ];
  return plainTable("Multiples", columns, found);
}

/** All observed numbers. */
export function seriesTable(company, metrics) {
  const found = metrics.filter(({ kind, derived: computed }) => OBSERVED.includes(kind) && !computed);
  if (!found.length) return empty("No number is known.");
  const columns = [
    { label: "As of", width: "8rem", cell: ({ as_of: day }) => date(day) },
    {
      label: "What",
      width: "12rem",
      cell: ({ kind, basis }) => [
        word(kind),
        OWN_SERIES.includes(basis) ? h("small", { class: "below" }, word(basis)) : null,
      ],
    },
    { label: "Number", number: true, width: "9rem", cell: (one) => metricLink(company, one) },
    {
      label: "Claims",
      number: true,
      rank: 2,
      width: "9rem",
      cell: ({ claims, rivals }) => [
        count(claims),
        rivals ? h("small", { class: "below" }, disagreement(rivals)) : null,
      ],
    },
    {
      label: "Chosen source",
      rank: 2,
      cell: ({ source }) => outside(source.url ?? "", name(source.publisher ?? source.id)),
    },
  ];
  return plainTable("Every number in time", columns, found);
}

function metricLink(company, one) {
  const quantity = one.round
    ? quantityOfRound(one.kind, one.round)
    : quantityOfCompany(one.kind, company.id, one.as_of, one.basis);
  const isMoney = one.currency !== null;
  const figure = {
    ...one,
    value: one.nominal,
    value_high: one.high,
    usd: isMoney && one.unit === "USD" ? one.nominal : null,
  };
  if (isMoney) delete figure.low;
  return figureLink(figure, quantity);
}
