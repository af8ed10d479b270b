// Cells that tables of several views have.

import { changed, to } from "./address.js";
import { h, joined, name } from "./dom.js";
import { country, date, word } from "./format.js";
import { figureLink, currentOfCompany, quantityOfRound } from "./numbers.js";

const LEADS = ["lead", "co_lead"];
const MOST_LEADS = 3;

/** A company's name, which leads to it, with a line below that stands for columns without room. */
export function companyLink({ id, name: text }, instead = null) {
  const link = h("a", { href: to("company", { id }) }, name(text));
  return instead ? [link, until(3, instead)] : [link];
}

/** A line that stands for columns of a rank, where these have no room. */
export const until = (rank, ...parts) => h("small", { class: `until-${rank}` }, ...parts);

/** A figure of a round. */
export const roundFigure = (round, metric, options = {}) =>
  figureLink(
    round[metric === "amount_raised" ? "amount" : "valuation"],
    quantityOfRound(metric, round.id),
    options,
  );

/** A current figure of a company, with the day that it is of below it where that is asked for. */
export function companyFigure(company, metric, { dated = false, ...options } = {}) {
  const figure = company[metric];
  if (figure === null) return h("span", { class: "none" }, "–");
  const link = figureLink(figure, currentOfCompany(metric, company.id, figure), options);
  return dated ? [link, h("small", { class: "below" }, date(figure.as_of))] : link;
}

/** A round's stage, which leads to the round. */
export const stageLink = ({ id, stage, instrument }) => {
  const kind = instrument === "equity" || instrument === stage ? null : word(instrument).toLowerCase();
  return h("a", { href: to("round", { id }) }, ...joined(", ", [word(stage), kind]));
};

/** How far a round has come, where that isn't plain. */
const status = (round) =>
  round.status === "closed" ? "Closed" : h("span", { class: `status ${round.status}` }, word(round.status));

/** A round's investors, those that led first: those that led alone, or all up to `most`. */
export function investors(round, { all = false, most = all ? Infinity : MOST_LEADS } = {}) {
  const shown = round.investors.filter(({ role }) => all || LEADS.includes(role)).slice(0, most);
  const others = round.investors.length - shown.length;
  const links = shown.map(({ id, name: text, role }) => {
    const link = h("a", { href: to("rounds", { investor: id }) }, name(text));
    return LEADS.includes(role) && all
      ? h("span", null, h("b", null, link), ` (${word(role).toLowerCase()})`)
      : link;
  });
  const told = shown.length ? `and ${others} more` : `${others} without a named lead`;
  const rest = others ? h("a", { class: "quiet", href: to("round", { id: round.id }) }, told) : null;
  return h(
    "span",
    { class: "investors" },
    ...joined(" ", [...joinedList(links), rest]),
  );
}

const unbroken = (text) => text.replaceAll(" ", "\u00a0");

function joinedList(links) {
  return links.length ? [h("span", null, ...joined(", ", links))] : [];
}

/** The columns of a table of rounds. */
export function roundColumns({ ofOneCompany = false } = {}) {
  const company = {
    label: "Company",
    sort: "name",
    cell: (round) => companyLink(round.company, `${word(round.stage)} · ${unbroken(date(round.announced_on))}`),
  };
  return [
    ...(ofOneCompany ? [] : [company]),
    {
      label: "Announced",
      sort: "announced_on",
      rank: 3,
      width: "8.5rem",
      cell: (round) => h("time", { datetime: round.announced_on }, date(round.announced_on)),
    },
    {
      label: "Round",
      sort: "stage",
      rank: ofOneCompany ? 1 : 3,
      width: "9rem",
      cell: (round) => [stageLink(round), ofOneCompany ? until(3, date(round.announced_on)) : null],
    },
    { label: "Status", rank: ofOneCompany ? 5 : 4, width: "7rem", cell: status },
    {
      label: "Amount",
      sort: "amount_usd",
      number: true,
      width: "9.25rem",
      cell: (round) => roundFigure(round, "amount_raised"),
    },
    {
      label: "Valuation",
      sort: "valuation_usd",
      number: true,
      width: "9.25rem",
      cell: (round) => roundFigure(round, "valuation"),
    },
    ...(ofOneCompany
      ? []
      : [
          {
            label: "Country",
            sort: "country",
            rank: 5,
            width: "8.25rem",
            cell: (round) =>
              round.company.country
                ? h(
                    "a",
                    { href: changed({ country: round.company.country }) },
                    country(round.company.country),
                  )
                : "",
          },
        ]),
    { label: "Led by", rank: 4, cell: (round) => investors(round) },
  ];
}
