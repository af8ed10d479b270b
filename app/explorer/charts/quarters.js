// Capital raised by quarter, stacked by country or stage.

import { to } from "../address.js";
import { s } from "../dom.js";
import { count, money, quarter } from "../format.js";
import { chart } from "./frame.js";
import { linear } from "./scale.js";

const HEIGHT = 320;
const MARGIN = { top: 12, right: 4, bottom: 26, left: 52 };

/**
 * Draw bars of groups `{key, total, parts: [{name, sum, colour}]}`.
 * @param {string} label what the chart shows, in a sentence
 */
export function quartersChart(label, bars) {
  return chart(label, HEIGHT, (width, height) => {
    const most = Math.max(...bars.map(({ total }) => total));
    const y = linear([0, most * 1.04], [height - MARGIN.bottom, MARGIN.top]);
    const step = (width - MARGIN.left - MARGIN.right) / bars.length;
    const every = Math.ceil(58 / step);
    return [
      y
        .ticks(5)
        .map((value) => [
          s("line", {
            x1: MARGIN.left,
            x2: width - MARGIN.right,
            y1: y.at(value),
            y2: y.at(value),
            class: value ? "grid" : "axis",
          }),
          s(
            "text",
            { x: MARGIN.left - 8, y: y.at(value) + 4, class: "tick end" },
            value ? money(value) : "0",
          ),
        ]),
      bars.map((bar, place) => column(bar, MARGIN.left + place * step, step, y)),
      bars.map((bar, place) =>
        (bars.length - 1 - place) % every === 0
          ? s(
              "text",
              { x: MARGIN.left + (place + 0.5) * step, y: height - 8, class: "tick middle" },
              quarter(bar.key),
            )
          : null,
      ),
    ]
      .flat(2)
      .filter(Boolean);
  });
}

function column(bar, x, step, y) {
  const [gap, wide] = [step * 0.14, step * 0.72];
  let base = 0;
  const parts = bar.parts.map(({ sum, colour }) => {
    const height = y.at(base) - y.at(base + sum);
    base += sum;
    return s("rect", { x: x + gap, width: wide, y: y.at(base), height, class: `fill-${colour}` });
  });
  const told = [`${quarter(bar.key)}: ${money(bar.total)} in ${count(bar.rounds)} rounds`];
  for (const { name, sum } of bar.parts) if (sum) told.push(`${name}: ${money(sum)}`);
  return s(
    "a",
    { href: to("rounds", ofQuarter(bar.key)), class: "bar" },
    s("title", null, told.join("\n")),
    ...parts,
  );
}

/** What asks for the rounds that count in a quarter. */
export function ofQuarter(key) {
  const [year, part] = key.split("-Q");
  const month = (place) => `${year}-${String(3 * part - place).padStart(2, "0")}`;
  return {
    announced_from: month(2),
    announced_to: month(0),
    status: ["announced", "closed"],
    instrument: "equity",
    sort: "-amount_usd",
  };
}
