// One company: what is known of it, in time, with its rounds, multiples and series.

import { to } from "../address.js";
import { derived, total, writer } from "../bounds.js";
import { companyFigure, investors, roundColumns } from "../cells.js";
import { key } from "../charts/frame.js";
import { SERIES, timelineChart } from "../charts/timeline.js";
import { h, joined, name, outside } from "../dom.js";
import { count, country, date, word } from "../format.js";
import { figureLink, inputLinks, quantityOfCompany, quantityOfRound } from "../numbers.js";
import { pair, section } from "../parts.js";
import { empty, skeleton } from "../states.js";
import { plainTable } from "../table.js";

const FIGURES = ["valuation", "arr", "revenue_run_rate", "revenue", "users", "employees"];
const MULTIPLES = ["arr_multiple", "run_rate_multiple", "revenue_multiple"];
const RATIOS = [...MULTIPLES, "arr_growth", "capital_efficiency"];
const OBSERVED = ["valuation", "arr", "revenue_run_rate", "revenue", "users", "employees", "total_raised"];
const MARKET = ["acquisition", "market_cap"];

/** Build the view. */
export function mount() {
  const node = h("div");

  async function update({ params }, asking) {
    const path = `v1/companies/${encodeURIComponent(params.get("id") ?? "")}`;
    node.replaceChildren(skeleton(16));
    const lists = Promise.all([asking.all(`${path}/rounds`), asking.all(`${path}/metrics`)]);
    // Without the company there is nothing to say of it, whatever became of its lists.
    lists.catch(() => null);
    const company = await asking.get(path);
    const head = [...identity(company), figures(company)];
    node.replaceChildren(...head, skeleton(16));
    const [rounds, metrics] = await lists;
    // All sections at once, so that none moves when one above it comes later.
    node.replaceChildren(
      ...head,
      section("timeline", "In time", timelineParts(company, rounds, metrics)),
      section(
        "rounds",
        "Rounds",
        rounds.length ? plainTable("Rounds", ofCompany(), rounds) : empty("No round is known."),
      ),
      section("multiples", "Multiples", multiplesTable(company, metrics)),
      section("series", "Every number in time", seriesTable(company, metrics)),
    );
    return company.name;
  }

  return { node, update, isOneThing: true };
}

function identity(company) {
  const { aliases, founders, categories, website, source } = company;
  const place = joined(", ", [
    company.city && name(company.city),
    company.country && country(company.country),
  ]);
  return [
    h("h1", null, name(company.name)),
    aliases.length ? h("p", { class: "aliases" }, "Also ", ...joined(", ", aliases.map(name))) : null,
    h(
      "p",
      { class: "lead" },
      ...joined(" · ", [
        place.length ? h("span", null, ...place) : null,
        company.founded_on ? `founded ${date(company.founded_on)}` : null,
        word(company.status).toLowerCase(),
        founders.length ? h("span", null, "by ", ...joined(", ", founders.map(name))) : null,
        website ? outside(website, name(website.replace(/^https?:\/\//, ""))) : null,
      ]),
    ),
    h(
      "p",
      { class: "quiet" },
      ...joined(
        " ",
        categories.map((one) =>
          h("a", { class: "tag", href: to("companies", { category: one }) }, word(one)),
        ),
      ),
      " Identity by ",
      outside(source.url ?? "", name(source.publisher ?? source.id)),
    ),
  ].filter(Boolean);
}

function figures(company) {
  const known = FIGURES.filter((metric) => company[metric] !== null);
  const ratios = RATIOS.filter((kind) => company[kind].nominal !== null);
  return h(
    "dl",
    { class: "figures" },
    ...known.map((metric) => figureItem(company, metric)),
    ...Object.entries(company.raised)
      .filter(([, { rounds }]) => rounds)
      .map(([instrument, sum]) => raisedItem(company.id, instrument, sum)),
    ...ratios.map((kind) => ratioItem(company, kind)),
  );
}

function figureItem(company, metric) {
  const { as_of: day, basis, claims, rivals, status } = company[metric];
  const support = claims === 1 ? "one claim" : `${count(claims)} claims`;
  const notes = [
    date(day),
    basis && word(basis),
    status === "stated" ? null : word(status).toLowerCase(),
    support,
    rivals ? `${count(rivals)} disagree` : null,
  ];
  return pair(word(metric), companyFigure(company, metric, { words: true }), joined(", ", notes).join(""));
}

function raisedItem(company, instrument, sum) {
  const told = total(sum);
  const rounds = sum.rounds === 1 ? "one round" : `${count(sum.rounds)} rounds`;
  const undisclosed = sum.undisclosed ? `, ${count(sum.undisclosed)} of them undisclosed` : "";
  const term = instrument === "equity" ? "Equity raised" : word(instrument);
  const address = to("rounds", { company, instrument, status: ["announced", "closed"] });
  return pair(term, h("a", { class: "plain", href: address }, told.words), `in ${rounds}${undisclosed}`);
}

function ratioItem(company, kind) {
  const value = company[kind];
  const told = derived(value, writer(kind));
  const inputs =
    kind === "capital_efficiency"
      ? []
      : joined(kind === "arr_growth" ? " after " : " ÷ ", inputLinks(value.inputs, company.id));
  return pair(
    word(kind),
    told.text,
    h("span", null, told.bounds, ...(inputs.length ? ["; ", ...inputs, gap(value)] : [])),
  );
}

const gap = ({ gap_days: days, comparable }) =>
  days === null
    ? ", how far apart isn't known"
    : `, ${count(days)} days apart${comparable === false ? ", too far to compare" : ""}`;

function timelineParts(company, rounds, metrics) {
  const drawn = metrics.filter(
    (one) => SERIES.includes(one.kind) && one.as_of && one.unit === "USD" && !MARKET.includes(one.basis),
  );
  const raised = rounds.filter(
    (one) => one.announced_on && one.amount?.usd && ["closed", "announced"].includes(one.status),
  );
  if (drawn.length + raised.length < 2) return [empty("Too few dated numbers are known to draw them.")];
  const kinds = SERIES.filter((kind) => drawn.some((one) => one.kind === kind));
  return [
    key([
      ...kinds.map((kind) => [`dot of-${kind}`, word(kind)]),
      ...(raised.length ? [["amount", "Raised in a round"]] : []),
      ["arrow", "only a bound"],
    ]),
    timelineChart(company, drawn, raised),
    h(
      "p",
      { class: "note" },
      "On a log axis, so that the distance between valuation and revenue is the multiple. A number of which only the year is known lies on a line as long as that year.",
    ),
  ];
}

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

function multiplesTable(company, metrics) {
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
      cell: (one) => h("span", null, ...joined(" ÷ ", inputLinks(one.inputs, company.id))),
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

function seriesTable(company, metrics) {
  const found = metrics.filter(({ kind, derived: computed }) => OBSERVED.includes(kind) && !computed);
  if (!found.length) return empty("No number is known.");
  const columns = [
    { label: "As of", width: "8rem", cell: ({ as_of: day }) => date(day) },
    {
      label: "What",
      width: "12rem",
      cell: ({ kind, basis }) => [
        word(kind),
        MARKET.includes(basis) ? h("small", { class: "below" }, word(basis)) : null,
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
        rivals ? h("small", { class: "below" }, `${count(rivals)} disagree`) : null,
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
