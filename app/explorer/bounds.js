// Bounds in signs and in words: how sure a number is, never left out beside it.

import { change, count, money, multiple, people, percent } from "./format.js";

const SIGNS = { exact: "", approx: "≈", at_least: "≥", at_most: "≤", range: "", unbounded: "?" };
const WORDS = { exact: "", approx: "about ", at_least: "at least ", at_most: "at most ", range: "" };

/** A figure, count or claim: its amount in short, with a sign and with words. */
export function stated(figure) {
  const { amount, high } = inUsd(figure);
  if (figure.qualifier === "range") {
    const text = high === null ? `${amount}–…` : `${amount}–${high}`;
    return { sign: "", text, words: high === null ? `from ${amount} on, a range` : `${amount} to ${high}` };
  }
  const hedged = WORDS[figure.qualifier];
  return { sign: SIGNS[figure.qualifier], hedged, text: amount, words: hedged + amount };
}

/** The number and the upper one of a range, in USD where a rate is known. */
function inUsd(figure) {
  const isCount = "low" in figure || figure.currency === null;
  const [rate, currency] = figure.usd === null ? [1, figure.currency] : [figure.usd / figure.value, "USD"];
  const write = isCount ? people : (value) => money(value * rate, currency);
  const { value, value_high: high = null } = figure;
  return { amount: write(value), high: high === null ? null : write(high) };
}

const DAYS_OF_YEAR = 365;

/** How numbers of a derived kind are written. */
export const writer = (kind) => (kind === "dilution" ? percent : multiple);

/** A derived value: the number that people quote, and what its bounds leave open. */
export function derived(value, write) {
  const { nominal, low, high, qualifier } = value;
  const text = write(nominal);
  const bounds = {
    exact: () => "from exact inputs",
    approx: () => "approximate",
    at_least: () => `at least ${write(low)}`,
    at_most: () => `at most ${write(high)}`,
    range: () => `between ${write(low)} and ${write(high)}`,
    unbounded: () => "unbounded: neither a least nor a most follows from the stated numbers",
  }[qualifier]();
  return { sign: SIGNS[qualifier], text, words: `${text}, ${bounds}`, bounds };
}

/** Growth as it was seen, between two days, and a year: the API gives what a year of it would be. */
export function growth(value) {
  const days = value.gap_days;
  const seen = derived(value, (ratio) => change((1 + ratio) ** (days / DAYS_OF_YEAR)));
  const year = change(1 + value.nominal);
  return {
    text: `${seen.text} in ${count(days)} days`,
    bounds: seen.bounds,
    year: `${SIGNS[value.qualifier]}${year} a year, annualised from ${count(days)} days`,
  };
}

/** A total of which some parts may be unknown. */
export function total({ low_usd: low, high_usd: high, rounds, undisclosed }) {
  if (!rounds) return { sign: "", text: "none known", words: "no round is known" };
  if (low === null && high === null) return { sign: "", text: "undisclosed", words: "undisclosed" };
  if (low === null)
    return { sign: "≤", hedged: "at most ", text: money(high), words: `at most ${money(high)}` };
  if (high === null)
    return { sign: "≥", hedged: "at least ", text: money(low), words: `at least ${money(low)}` };
  if (low === high) return { sign: "", text: money(low), words: money(low) };
  return { sign: "", text: `${money(low)}–${money(high)}`, words: `${money(low)} to ${money(high)}` };
}
