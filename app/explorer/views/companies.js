// The table of companies, with its filters.

import { to } from "../address.js";
import { total } from "../bounds.js";
import { companyFigure, companyLink } from "../cells.js";
import { h, joined } from "../dom.js";
import { amount, countries, facet, words } from "../filters.js";
import { count, country, date, multiple, word } from "../format.js";
import { listing } from "../listing.js";
import { derivedText, hedge } from "../numbers.js";

const FILTERS = [
  words("q", "Words in names"),
  countries,
  facet("category", "Field"),
  facet("status", "Status"),
  amount("min_valuation_usd", "Valuation from"),
  amount("min_arr_usd", "ARR from"),
  amount("min_total_raised_usd", "Raised from"),
];
const COLUMNS = [
  {
    label: "Company",
    sort: "name",
    width: "18%",
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
    width: "8.75rem",
    cell: (company) => companyFigure(company, "valuation"),
  },
  {
    label: "ARR",
    sort: "arr_usd",
    number: true,
    width: "7rem",
    cell: (company) => companyFigure(company, "arr"),
  },
  {
    label: "Valuation / ARR",
    sort: "arr_multiple",
    number: true,
    rank: 2,
    width: "8rem",
    cell: (company) => derivedText(company.arr_multiple, multiple),
  },
  { label: "Equity raised", sort: "total_raised_usd", number: true, rank: 2, width: "8.75rem", cell: raised },
  { label: "Last round", sort: "last_round", rank: 3, width: "13.75rem", cell: lastRound },
  { label: "Fields", rank: 4, cell: ({ categories }) => categories.map(word).join(", ") },
];

/** Build the view. */
export function mount({ say }) {
  const view = {
    collection: "companies",
    title: "Companies",
    lead: "What each is said to be worth and to earn at present. A number opens the claims behind it.",
    filters: FILTERS,
    statistics: { path: "v1/companies/stats", all: {} },
    columns: COLUMNS,
    sort: "-valuation_usd",
  };
  return listing(view, say);
}

function raised({ id, raised: { equity } }) {
  const told = total(equity);
  const undisclosed = equity.undisclosed ? `, ${count(equity.undisclosed)} undisclosed` : "";
  return h(
    "a",
    {
      class: "plain",
      href: to("company", { id }),
      title: `${told.words} in ${count(equity.rounds)} rounds${undisclosed}`,
    },
    hedge(told),
    told.text,
  );
}

function lastRound({ last_round: last }) {
  if (last === null) return h("span", { class: "none" }, "–");
  return h(
    "a",
    { class: "plain", href: to("round", { id: last.id }) },
    `${word(last.stage)}, ${date(last.announced_on)}`,
  );
}
