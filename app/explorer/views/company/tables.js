// The tables of a company: its rounds, its multiples, and every number in time.

import { to } from "../../address.js";
import { derived, writer } from "../../bounds.js";
import { investors, roundColumns, until } from "../../cells.js";
import { h, joined, name, outside } from "../../dom.js";
import { count, date, disagreement, word } from "../../format.js";
import {
  derivedLink,
  figureLink,
  gapWords,
  inputLinks,
  MULTIPLES,
  OWN_SERIES,
  quantityOfCompany,
  quantityOfRound,
} from "../../numbers.js";
import { empty } from "../../states.js";
import { plainTable } from "../../table.js";

const MOST_INVESTORS = 8;
const NOT_COMPARABLE = { false: "not comparable", null: "may not compare" };
const OBSERVED = ["valuation", "arr", "revenue_run_rate", "revenue", "users", "employees", "total_raised"];

/** The rounds of a company. */
export const roundsTable = (rounds) =>
  rounds.length ? plainTable("Rounds", ofCompany(), rounds) : empty("No round is known.");

function ofCompany() {
  const ratio = (kind) => (round) => {
    const link = derivedLink(round[kind], kind, to("round", { id: round.id }), { signed: false });
    if (round[kind].nominal === null) return link;
    return [link, h("small", { class: "below" }, shortBounds(round[kind], kind))];
  };
  const columns = roundColumns({ ofOneCompany: true }).map(({ sort: _, ...column }) => column);
  columns.splice(
    -1,
    1,
    { label: "Step-up", number: true, rank: 4, width: "7rem", cell: ratio("step_up") },
    { label: "Dilution", number: true, rank: 4, width: "7rem", cell: ratio("dilution") },
    {
      label: "Investors",
      rank: 4,
      wide: true,
      cell: (round) => (round.investors.length ? investors(round, { all: true, most: MOST_INVESTORS }) : null),
    },
  );
  return columns;
}

/** Multiples with both inputs, and how far apart these are. */
export function multiplesTable(company, metrics) {
  const found = metrics.filter(({ kind }) => MULTIPLES.includes(kind));
  if (!found.length) return empty("No valuation stands beside a revenue of any kind.");
  const columns = [
    {
      label: "Multiple",
      width: "10rem",
      cell: ({ kind, as_of: day }) => [word(kind), until(2, date(day))],
    },
    { label: "As of", rank: 2, width: "8rem", cell: ({ as_of: day }) => date(day) },
    { label: "Quoted", width: "5.5rem", number: true, cell: (one) => derived(one, writer(one.kind)).text },
    {
      label: "Bounds",
      rank: 4,
      width: "11rem",
      cell: (one) => shortBounds(one, one.kind),
    },
    {
      label: "Apart",
      number: true,
      rank: 3,
      width: "8rem",
      cell: ({ gap_days: days, comparable }) => [
        days === null ? "unknown" : `${count(days)} days`,
        comparable ? null : h("small", { class: "below" }, NOT_COMPARABLE[comparable]),
      ],
    },
    {
      label: "Both inputs",
      rank: 4,
      wide: true,
      cell: (one) => [
        h("span", null, ...joined("\u00a0÷ ", inputLinks(one.inputs, company.id))),
        until(3, gapWords(one)),
      ],
    },
  ];
  return plainTable("Multiples", columns, found, { dim: ({ comparable }) => !comparable });
}

/** The bounds of a derived value without the reason that follows. */
const shortBounds = (value, kind) => derived(value, writer(kind)).bounds.split(":")[0];

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
      rank: 3,
      width: "7rem",
      cell: ({ claims, rivals }) => [
        count(claims),
        rivals ? h("small", { class: "below" }, disagreement(rivals)) : null,
      ],
    },
    {
      label: "Chosen source",
      rank: 3,
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
