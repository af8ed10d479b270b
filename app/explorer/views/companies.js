// The table of companies, with its filters.

import { to, toRaised } from "../address.js";
import { total } from "../bounds.js";
import { companyFigure, companyLink, until } from "../cells.js";
import { h, joined } from "../dom.js";
import { amount, countries, facet, words } from "../filters.js";
import { count, country, date, word } from "../format.js";
import { listing } from "../listing.js";
import { derivedLink, hedge } from "../numbers.js";

const FILTERS = [
  words("q", "Words in names"),
  countries,
  facet("category", "Category"),
  facet("status", "Status"),
  amount("min_valuation_usd", "Valuation from"),
  amount("min_arr_usd", "ARR from"),
  amount("min_total_raised_usd", "Raised from"),
];
const COLUMNS = [
  {
    label: "Company",
    sort: "name",
    cell: (company) =>
      companyLink(
        company,
        joined(" · ", [
          company.country && country(company.country),
          company.status === "private" ? null : word(company.status),
        ]).join(""),
      ),
  },
  {
    label: "Valuation",
    sort: "valuation_usd",
    number: true,
    width: "9.25rem",
    cell: (company) => companyFigure(company, "valuation", { dated: true }),
  },
  {
    label: "ARR",
    sort: "arr_usd",
    number: true,
    width: "8rem",
    cell: (company) => [companyFigure(company, "arr", { dated: true }), runRateInstead(company)],
  },
  {
    label: "Run rate",
    number: true,
    rank: 2,
    width: "8rem",
    cell: (company) => companyFigure(company, "revenue_run_rate", { dated: true }),
  },
  {
    label: "Valuation / ARR",
    sort: "arr_multiple",
    number: true,
    rank: 3,
    width: "8rem",
    cell: ({ id, arr_multiple: value }) => derivedLink(value, "arr_multiple", to("company", { id })),
  },
  { label: "Equity raised", sort: "total_raised_usd", number: true, rank: 3, width: "9.25rem", cell: raised },
  { label: "Last round", sort: "last_round", rank: 4, width: "10rem", cell: lastRound },
  { label: "Category", rank: 5, cell: ({ categories }) => categories.map(word).join(", ") },
];

/** Build the view. */
export function mount({ say }) {
  const view = {
    collection: "companies",
    title: "Companies",
    lead: "What each was last said to be worth and to earn, and as of when. A number opens the claims behind it, and a computed one what it is computed from.",
    filters: FILTERS,
    statistics: { path: "v1/companies/stats", all: {} },
    columns: COLUMNS,
    sort: "-valuation_usd",
  };
  return listing(view, say);
}

/** The run rate of a company below its ARR, where there is no room for a column. */
function runRateInstead(company) {
  return company.revenue_run_rate && until(2, "run rate ", companyFigure(company, "revenue_run_rate"));
}

function raised({ id, raised: { equity } }) {
  if (!equity.rounds) return h("span", { class: "none" }, "–");
  const told = total(equity);
  const undisclosed = equity.undisclosed ? `, ${count(equity.undisclosed)} undisclosed` : "";
  return h(
    "a",
    {
      class: "number",
      href: toRaised(id, "equity"),
      title: `${told.words} in ${count(equity.rounds)} rounds${undisclosed}`,
    },
    hedge(told),
    told.text,
  );
}

function lastRound({ last_round: last }) {
  if (last === null) return h("span", { class: "none" }, "–");
  return [
    h("a", { class: "plain", href: to("round", { id: last.id }) }, word(last.stage)),
    h("small", { class: "below" }, date(last.announced_on)),
  ];
}
