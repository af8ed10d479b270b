// Numbers and dates as the reader's locale writes them.

const LOCALES = navigator.languages;
const MONTH = { year: "numeric", month: "short", timeZone: "UTC" };
const months = new Intl.DateTimeFormat(LOCALES, MONTH);
const days = new Intl.DateTimeFormat(LOCALES, { ...MONTH, day: "numeric" });
const countries = new Intl.DisplayNames(LOCALES, { type: "region" });
const made = new Map();

function formatter(options) {
  const key = JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.NumberFormat(LOCALES, options));
  return made.get(key);
}

const moneyOptions = (currency) => ({
  style: "currency",
  currency,
  currencyDisplay: "narrowSymbol",
  notation: "compact",
  maximumSignificantDigits: 3,
});

/** An amount in short, such as $2.35B. */
export const money = (amount, currency = "USD") => formatter(moneyOptions(currency)).format(amount);

/** An amount to its last digit. */
export const wholeMoney = (amount, currency = "USD") =>
  formatter({
    style: "currency",
    currency,
    maximumFractionDigits: 2,
    trailingZeroDisplay: "stripIfInteger",
  }).format(amount);

/** A number of things. */
export const count = (number) => formatter({}).format(number);

/** How many claims state a number, and how many say another. */
export const support = (claims) => (claims === 1 ? "1 claim" : `${count(claims)} claims`);
export const disagreement = (rivals) => (rivals === 1 ? "1 disagrees" : `${count(rivals)} disagree`);

/** A number of people in short, such as 36M. */
export const people = (number) =>
  formatter({ notation: "compact", maximumSignificantDigits: 3 }).format(number);

/** A multiple, such as 100x or 1.8x. */
export const multiple = (number) =>
  `${formatter({ maximumSignificantDigits: number < 100 ? 2 : 3 }).format(number)}x`;

/** A share, such as 9.1 %. */
export const percent = (ratio) => formatter({ style: "percent", maximumSignificantDigits: 3 }).format(ratio);

/** A change by a factor: a multiple from twice on, such as 2x, and a share below, such as +59% or -18%. */
export const change = (factor) =>
  factor < 2
    ? formatter({ style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(factor - 1)
    : multiple(factor);

/** A partial date, as precisely as it is known; what isn't one stays as it is. */
export function date(text) {
  if (text === null) return "undated";
  const day = new Date(`${text.padEnd(10, "-01")}T00:00Z`);
  if (text.length === 4 || Number.isNaN(day.valueOf())) return text;
  return (text.length === 7 ? months : days).format(day);
}

/** A quarter such as 2026-Q2. */
export const quarter = (text) => text.replace(/(\d+)-(Q\d)/, "$2 $1");

/** The name of a country; without one, that it isn't known. */
export const country = (code) => (code === null ? "Country unknown" : countries.of(code));

const NAMED = {
  arr: "ARR",
  arr_multiple: "Valuation / ARR",
  run_rate_multiple: "Valuation / run rate",
  revenue_multiple: "Valuation / revenue",
  arr_growth: "Growth of ARR",
  capital_efficiency: "ARR / equity raised",
  revenue_run_rate: "Run rate",
  amount_raised: "Amount raised",
  co_lead: "Co-lead",
  pre_seed: "Pre-seed",
  post_money: "post-money",
  pre_money: "pre-money",
  unspecified: "pre- or post-money isn't said",
  vc: "Venture capital",
  unknown: "Unnamed round",
};

/** A word of the API's lists as a reader knows it, such as Series B. */
export function word(text) {
  const spaced = text.replaceAll("_", " ").replace(/ (.)$/, (last) => last.toUpperCase());
  return NAMED[text] ?? `${spaced[0].toUpperCase()}${spaced.slice(1)}`;
}
