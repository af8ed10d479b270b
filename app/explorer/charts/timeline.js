// One company in time, on a log axis: its valuation in steps, what it raised, and ARR, run rate and
// revenue as series of their own. The distance between two lines is the multiple.

import { changed } from "../address.js";
import { s } from "../dom.js";
import { stated } from "../bounds.js";
import { date, money, word } from "../format.js";
import { quantityOfCompany, quantityOfRound } from "../numbers.js";
import { chart } from "./frame.js";
import { mark, room, spread } from "./marks.js";
import { linear, log, moment, years } from "./scale.js";

const HEIGHT = 380;
const MARGIN = { top: 18, right: 22, bottom: 28, left: 58 };
const YEAR = 4;
const MONTH_MS = 30 * 24 * 3600 * 1000;

/** What can be drawn, in order: kind of metric, and its class. */
export const SERIES = ["valuation", "arr", "revenue_run_rate", "revenue"];

/** Draw dated metrics in USD, and the rounds that raised a stated amount. */
export function timelineChart(company, metrics, rounds) {
  return chart(`${company.name} in time, on a log axis`, HEIGHT, (width, height) => {
    const [left, right, top, bottom] = [
      MARGIN.left,
      width - MARGIN.right,
      MARGIN.top,
      height - MARGIN.bottom,
    ];
    const moments = [
      ...metrics.map(({ as_of: day }) => moment(day)),
      ...rounds.map(({ announced_on: day }) => moment(day)),
    ];
    const values = [...metrics.map(({ nominal }) => nominal), ...rounds.map(({ amount }) => amount.usd)];
    const span = [Math.min(...moments) - 2 * MONTH_MS, Math.max(...moments) + 4 * MONTH_MS];
    const x = linear(span, [left, right]);
    const y = log([Math.min(...values) / 2.2, Math.max(...values) * 2.2], [bottom, top]);
    const named = rounds
      .filter(({ stage }) => stage !== "unknown")
      .toSorted((one, other) => other.amount.usd - one.amount.usd)
      .map((round) => ({
        x: x.at(moment(round.announced_on)) - 2,
        y: y.at(round.amount.usd) + 3,
        text: word(round.stage),
      }));
    const placed = metrics.map((one) => ({ ...one, x: x.at(middle(one.as_of)), y: y.at(one.nominal) }));
    const bars = rounds.map((round) => barOf(round, x, y, bottom));
    const taken = [
      ...placed.map((point) => room(point, "exact", point.qualifier)),
      ...bars.map((bar) => [bar.x, bar.y, bar.x + bar.width, bottom]),
    ];
    return [
      y
        .ticks()
        .map((value) => [
          s("line", { x1: left, x2: right, y1: y.at(value), y2: y.at(value), class: "grid" }),
          s("text", { x: left - 8, y: y.at(value) + 4, class: "tick end" }, money(value)),
        ]),
      years(...span).map(({ at, label }) => [
        s("line", { x1: x.at(at), x2: x.at(at), y1: bottom, y2: bottom + (label ? 6 : 3), class: "axis" }),
        s("text", { x: x.at(at), y: height - 6, class: "tick middle" }, label),
      ]),
      s("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" }),
      rounds.map((round, place) => raisedLink(round, bars[place])),
      SERIES.map((kind) =>
        series(
          company,
          placed.filter((one) => one.kind === kind),
          kind,
          x,
          right,
        ),
      ),
      spread(named, { left, right, taken }),
    ];
  });
}

/** The bar of a round: from the axis to the amount that it raised. */
function barOf({ announced_on: day, amount }, x, y, bottom) {
  return { x: x.at(moment(day)) - 3, y: y.at(amount.usd), width: 6, height: bottom - y.at(amount.usd) };
}

function raisedLink(round, bar) {
  const told = `${word(round.stage)}, ${date(round.announced_on)}: ${stated(round.amount).words} raised`;
  return s(
    "a",
    {
      href: changed({ claims: quantityOfRound("amount_raised", round.id) }),
      "aria-label": told,
      class: "amount",
    },
    s("title", null, told),
    s("rect", bar),
  );
}

/** A vague date stands in the middle of the year that it may mean. */
const middle = (day) => moment(isVague(day) ? `${day}-07` : day);
const isVague = (day) => day.length === YEAR;

function series(company, points, kind, x, right) {
  if (!points.length) return [];
  // What names a year alone has no place in the order of the others.
  const dated = points.filter(({ as_of: day }) => !isVague(day)).toSorted((one, other) => one.x - other.x);
  const step = kind === "valuation";
  const path = dated.map((point, place) =>
    place ? (step ? `H${point.x}V${point.y}` : `L${point.x} ${point.y}`) : `M${point.x} ${point.y}`,
  );
  return [
    s("path", { d: path.join("") + (step && dated.length ? `H${right}` : ""), class: `line of-${kind}` }),
    points.map((point) => pointOf(company, point, kind, x, right)),
  ];
}

function pointOf(company, point, kind, x, right) {
  const told = `${word(kind)}, ${date(point.as_of)}: ${stated({ ...point, value: point.nominal, usd: point.nominal, value_high: point.high }).words}`;
  const quantity = point.round
    ? quantityOfRound(kind, point.round)
    : quantityOfCompany(kind, company.id, point.as_of, point.basis);
  const year = isVague(point.as_of)
    ? s("path", {
        d: `M${x.at(moment(point.as_of))} ${point.y}H${Math.min(x.at(moment(`${point.as_of}-12-31`)), right)}`,
        class: "year",
      })
    : null;
  return s(
    "a",
    { href: changed({ claims: quantity }), "aria-label": told, class: `point of-${kind}` },
    s("title", null, told),
    year,
    ...mark(point.x, point.y, "exact", point.qualifier),
  );
}
