// Numbers on the page: each is a link that opens the claims behind it.

import { changed } from "./address.js";
import { derived, stated, writer } from "./bounds.js";
import { h, joined } from "./dom.js";
import { count, date, disagreement, support, word } from "./format.js";

/** Bases of a valuation that are a series of their own, apart from those of rounds. */
export const OWN_SERIES = ["acquisition", "market_cap"];

/** Ratios of a valuation and a revenue of some kind, which compare where these are near in time. */
export const MULTIPLES = ["arr_multiple", "run_rate_multiple", "revenue_multiple"];

const DAY_KNOWN = 7;

/** Name a quantity of a round, as an address does that opens its claims. */
export function quantityOfRound(metric, round) {
  return `${metric}.${round}`;
}

/** Name a quantity of a company in a month, with its basis where that makes a series of its own. */
export function quantityOfCompany(metric, company, asOf, basis) {
  const series = OWN_SERIES.includes(basis) ? [basis] : [];
  return [metric, company, asOf?.slice(0, DAY_KNOWN) ?? "undated", ...series].join(".");
}

/** Name the quantity that is a company's current figure; a valuation may be that of one of its rounds. */
export function currentOfCompany(metric, company, figure) {
  return metric === "valuation"
    ? `${metric}.${company}.current`
    : quantityOfCompany(metric, company, figure.as_of);
}

/** A chosen figure, in a sign and a number; what it says in words is its name. */
export function figureLink(figure, quantity, { words = false } = {}) {
  if (figure === null) return h("span", { class: "none" }, "undisclosed");
  const told = stated(figure);
  const { claims, rivals } = figure;
  const behind = joined(", ", [support(claims), rivals ? disagreement(rivals) : null]).join("");
  // Whoever speaks to the page says what is written there.
  const spoken = words ? told.words : `${told.hedged ?? ""}${told.text}`;
  return h(
    "a",
    {
      class: rivals ? "number contested" : "number",
      href: changed({ claims: quantity }),
      title: `${told.words}: ${behind}`,
      "aria-label": `${spoken}: ${behind}`,
      "data-claims": quantity,
    },
    words ? told.words : [sign(told), told.text],
  );
}

/** A sign that is read aloud in words. */
export function hedge(told) {
  return told.sign ? [sign(told), h("span", { class: "unseen" }, told.hedged)] : null;
}

const sign = ({ sign: text }) => (text ? h("span", { class: "sign", "aria-hidden": "true" }, text) : null);

/** A derived value in short, which leads to where its inputs are; its bounds are told in words. */
export function derivedLink(value, kind, address, { signed = true } = {}) {
  if (value.nominal === null) return h("span", { class: "none", title: value.reason }, "–");
  const told = derived(value, writer(kind));
  const apart = MULTIPLES.includes(kind) ? `, ${gapWords(value)}` : "";
  return h(
    "a",
    { class: apart && !value.comparable ? "number dim" : "number", href: address, title: told.words + apart },
    signed ? sign(told) : null,
    told.text,
    h("span", { class: "unseen" }, `, ${told.bounds}${apart}`),
  );
}

/** How far apart the two inputs of a multiple lie, and that they don't compare where that isn't near. */
export function gapWords({ gap_days: days, comparable }) {
  if (days === null) return "gap unknown, as an input is undated: may not be comparable";
  return `${count(days)} days apart${comparable === false ? ": not comparable" : ""}`;
}

/** The inputs of a derived value, each opening its claims and saying of when it is, and what if `named`. */
export function inputLinks(inputs, company, { named = false } = {}) {
  return inputs.map((input) => {
    const quantity =
      input.round === null
        ? quantityOfCompany(input.metric, company, input.as_of)
        : quantityOfRound(input.metric, input.round);
    const told = stated({ ...input, usd: null });
    const link = h(
      "a",
      {
        class: "number",
        href: changed({ claims: quantity }),
        "data-claims": quantity,
        "aria-label": `${word(input.metric)}, ${told.words}`,
      },
      told.words,
    );
    return h("span", null, named ? `${word(input.metric).toLowerCase()} ` : null, link, ` (${date(input.as_of)})`);
  });
}
