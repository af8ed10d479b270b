// What is known of a company at present: who it is, and its figures with what follows from them.

import { to, toRaised } from "../../address.js";
import { derived, growth, total, writer } from "../../bounds.js";
import { companyFigure } from "../../cells.js";
import { h, joined, name, outside } from "../../dom.js";
import { count, country, date, disagreement, support, word } from "../../format.js";
import { gapWords, inputLinks, MULTIPLES } from "../../numbers.js";
import { pair } from "../../parts.js";

const FIGURES = ["valuation", "arr", "revenue_run_rate", "revenue", "users", "employees"];
const RATIOS = [...MULTIPLES, "arr_growth", "capital_efficiency"];

/** Who a company is. */
export function identity(company) {
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
      " Source: ",
      outside(source.url ?? "", name(source.publisher ?? source.id)),
    ),
  ].filter(Boolean);
}

/** Its figures, and the ratios of them. */
export function figures(company) {
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
  const notes = [
    date(day),
    basis && word(basis),
    status === "stated" ? null : word(status).toLowerCase(),
    support(claims),
    rivals ? disagreement(rivals) : null,
  ];
  return pair(word(metric), companyFigure(company, metric, { words: true }), joined(", ", notes).join(""));
}

function raisedItem(company, instrument, sum) {
  const told = total(sum);
  const rounds = sum.rounds === 1 ? "one round" : `${count(sum.rounds)} rounds`;
  const undisclosed = sum.undisclosed ? `, ${count(sum.undisclosed)} of them undisclosed` : "";
  const term = instrument === "equity" ? "Equity raised" : word(instrument);
  const link = h("a", { class: "number", href: toRaised(company, instrument) }, told.words);
  return pair(term, link, `in ${rounds}${undisclosed}`);
}

function ratioItem(company, kind) {
  const value = company[kind];
  if (kind === "arr_growth") return growthItem(company, value);
  if (kind === "capital_efficiency") return efficiencyItem(company, value);
  const told = derived(value, writer(kind));
  const inputs = joined("\u00a0÷ ", inputLinks(value.inputs, company.id));
  return pair(
    word(kind),
    value.comparable ? told.text : h("span", { class: "dim" }, told.text),
    h("span", null, told.bounds, ": ", ...inputs, "; ", gapWords(value)),
  );
}

/** ARR for each dollar of equity: its inputs are the ARR and every round that raised some. */
function efficiencyItem(company, value) {
  const told = derived(value, writer("capital_efficiency"));
  const [arr, ...amounts] = value.inputs;
  const rounds = amounts.length === 1 ? "one round" : `${count(amounts.length)} rounds`;
  return pair(
    word("capital_efficiency"),
    told.text,
    h(
      "span",
      null,
      told.bounds,
      ": ",
      ...inputLinks([arr], company.id),
      "\u00a0÷ the equity of ",
      h("a", { class: "number", href: toRaised(company.id, "equity") }, rounds),
    ),
  );
}

function growthItem(company, value) {
  const told = growth(value);
  const inputs = joined(" after ", inputLinks(value.inputs, company.id));
  return pair(word("arr_growth"), told.text, h("span", null, told.bounds, ": ", ...inputs, "; ", told.year));
}
