// Valuation against ARR on two log axes, with lines of equal multiples.

import { to } from "../address.js";
import { derived, stated } from "../bounds.js";
import { s } from "../dom.js";
import { money, multiple } from "../format.js";
import { chart } from "./frame.js";
import { mark, room, spread } from "./marks.js";
import { log } from "./scale.js";

const HEIGHT = 460;
const MARGIN = { top: 14, right: 18, bottom: 44, left: 58 };
const MULTIPLES = [10, 50, 100];
const ROOM = 1.9;

/** Draw companies `{company, arr, valuation}`, whose inputs are in USD. */
export function scatterChart(points) {
  return chart("Valuation against annual recurring revenue, both on log axes", HEIGHT, (width, height) => {
    const [arrs, values] = ["arr", "valuation"].map((name) => points.map((point) => point[name].value));
    const [left, right, top, bottom] = [
      MARGIN.left,
      width - MARGIN.right,
      MARGIN.top,
      height - MARGIN.bottom,
    ];
    const xs = [Math.min(...arrs) / ROOM, Math.max(...arrs) * ROOM];
    const ys = [Math.min(...values) / ROOM, Math.max(...values) * ROOM];
    const [x, y] = [log(xs, [left, right]), log(ys, [bottom, top])];
    const placed = points
      .toSorted((one, other) => other.valuation.value - one.valuation.value)
      .map((point) => ({ ...point, x: x.at(point.arr.value), y: y.at(point.valuation.value) }));
    const lines = MULTIPLES.map((times) => multipleLine(times, x, y, xs, ys)).filter(Boolean);
    const taken = [...placed.map((point) => room(point, point.arr.qualifier, point.valuation.qualifier)), ...lines.map(({ box }) => box)];
    const labels = spread(
      placed.map((point) => ({ ...point, text: point.company.name })),
      { left, right, taken },
    );
    return [
      y
        .ticks()
        .map((value) => [
          s("line", { x1: left, x2: right, y1: y.at(value), y2: y.at(value), class: "grid" }),
          s("text", { x: left - 8, y: y.at(value) + 4, class: "tick end" }, money(value)),
        ]),
      x
        .ticks()
        .map((value) => [
          s("line", { x1: x.at(value), x2: x.at(value), y1: top, y2: bottom, class: "grid" }),
          s("text", { x: x.at(value), y: bottom + 18, class: "tick middle" }, money(value)),
        ]),
      s("text", { x: right, y: height - 6, class: "title end" }, "Annual recurring revenue →"),
      s("text", { x: 4, y: 11, class: "title" }, "↑ Valuation"),
      lines.map(({ drawn }) => drawn),
      placed.map((point) =>
        s(
          "a",
          { href: to("company", { id: point.company.id }), "aria-label": sentence(point), class: "point" },
          s("title", null, sentence(point)),
          ...mark(point.x, point.y, point.arr.qualifier, point.valuation.qualifier),
        ),
      ),
      labels,
    ];
  });
}

function multipleLine(times, x, y, xs, ys) {
  const from = Math.max(xs[0], ys[0] / times);
  const end = Math.min(xs[1], ys[1] / times);
  if (from >= end) return null;
  // Written below the line, at an end that lies the further in the smaller the multiple is.
  const inwards = 30 + 26 * MULTIPLES.indexOf(times);
  const [tipX, tipY] = [x.at(end), y.at(end * times)];
  const slope = (y.at(from * times) - tipY) / (tipX - x.at(from));
  const at = { x: tipX - inwards, y: tipY + inwards * slope + 16 };
  return {
    box: [at.x - 4, at.y - 11, at.x + 34, at.y + 2],
    drawn: [
      s("line", { x1: x.at(from), y1: y.at(from * times), x2: tipX, y2: tipY, class: "multiple" }),
      s("text", { x: at.x, y: at.y, class: "multiple" }, multiple(times)),
    ],
  };
}

function sentence({ company, arr, valuation }) {
  const words = derived(company.arr_multiple, multiple).words;
  const inputs = [valuation, arr].map((input) => stated({ ...input, usd: null }).words);
  return `${company.name}: ${inputs[0]} on ARR of ${inputs[1]}, ${words}`;
}
