// Marks of stated numbers: a dot where a number is stated, an arrow where only a bound is.

import { s } from "../dom.js";

const ARROW = 20;
const HEAD = 4;
/** The size of labels, as charts.css has it, and what lies at least between two. */
const LETTERS_PX = 12;
const GAP = 3;
const pen = new OffscreenCanvas(1, 1).getContext("2d");

/**
 * Draw a mark at a point whose coordinates may each be a bound: along x and y it is "exact", "approx",
 * "at_least", "at_most" or "range".
 */
export function mark(x, y, along, up) {
  const arrows = [arrow(x, y, along, [1, 0]), arrow(x, y, up, [0, -1])].filter(Boolean);
  const stem =
    along === "range" || up === "range" ? s("circle", { cx: x, cy: y, r: 4, class: "hollow" }) : null;
  const drawn = arrows.length
    ? [...arrows, s("path", { d: `M${x - 2.5} ${y}h5M${x} ${y - 2.5}v5`, class: "shaft" })]
    : [s("circle", { cx: x, cy: y, r: 4, class: along === "approx" || up === "approx" ? "about" : null })];
  return [
    s("circle", { cx: x, cy: y, r: 11, class: "target" }),
    ...(stem && !arrows.length ? [stem] : drawn),
  ];
}

/** An arrow from a bound to where the number may lie; none where the number is stated. */
function arrow(x, y, qualifier, [right, down]) {
  const sign = { at_least: 1, at_most: -1 }[qualifier];
  if (!sign) return null;
  const [dx, dy] = [right * sign, down * sign];
  const [tipX, tipY] = [x + dx * ARROW, y + dy * ARROW];
  const wing = (side) =>
    `${tipX - dx * HEAD * 1.4 + dy * HEAD * side} ${tipY - dy * HEAD * 1.4 + dx * HEAD * side}`;
  return s("path", {
    d: `M${x} ${y}L${tipX} ${tipY}M${wing(1)}L${tipX} ${tipY}L${wing(-1)}`,
    class: "shaft",
  });
}

/**
 * Place labels in order, each beside its point where there is room, and leave out those that would lie
 * on one before.
 * @param {{x: number, y: number, text: string}[]} labels
 */
export function spread(labels, { left, right, taken = [] }) {
  pen.font = `${LETTERS_PX}px ${getComputedStyle(document.body).fontFamily}`;
  return labels.flatMap(({ x, y, text }) => {
    const long = pen.measureText(text).width;
    const places = [
      { x: x + 8, y: y - 7, anchor: "start" },
      { x: x - 8, y: y - 7, anchor: "end" },
      { x: x + 8, y: y + 16, anchor: "start" },
      { x: x - 8, y: y + 16, anchor: "end" },
    ];
    for (const place of places) {
      const from = place.anchor === "end" ? place.x - long : place.x;
      const box = [from - GAP, place.y - LETTERS_PX, from + long + GAP, place.y + GAP];
      const inside = box[0] >= left && box[2] <= right;
      if (inside && taken.every((other) => apart(box, other))) {
        taken.push(box);
        return [s("text", { x: place.x, y: place.y, class: `label ${place.anchor}` }, text)];
      }
    }
    return [];
  });
}

/** The room that a mark takes, with its arrows. */
export function room({ x, y }, along, up) {
  const [right, left] = ["at_least", "at_most"].map((sign) => (along === sign ? ARROW : HEAD));
  const [above, below] = ["at_least", "at_most"].map((sign) => (up === sign ? ARROW : HEAD));
  return [x - left, y - above, x + right, y + below];
}

const apart = (one, other) =>
  one[2] < other[0] || one[0] > other[2] || one[3] < other[1] || one[1] > other[3];
