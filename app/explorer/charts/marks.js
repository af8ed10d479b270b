// Marks of stated numbers: a dot where a number is stated, an arrow where only a bound is.

import { s } from "../dom.js";

const ARROW = 20;
const HEAD = 4;

/**
 * Draw a mark at a point whose coordinates may each be a bound: along x and y it is "exact", "approx",
 * "at_least", "at_most" or "range".
 */
export function mark(x, y, along, up) {
  const arrows = [arrow(x, y, along, [1, 0]), arrow(x, y, up, [0, -1])].filter(Boolean);
  const stem = along === "range" || up === "range" ? s("circle", { cx: x, cy: y, r: 4, class: "hollow" }) : null;
  const drawn = arrows.length ? [...arrows, s("path", { d: `M${x - 2.5} ${y}h5M${x} ${y - 2.5}v5`, class: "shaft" })] : [s("circle", { cx: x, cy: y, r: 4, class: along === "approx" || up === "approx" ? "about" : null })];
  return [s("circle", { cx: x, cy: y, r: 11, class: "target" }), ...(stem && !arrows.length ? [stem] : drawn)];
}

/** An arrow from a bound to where the number may lie; none where the number is stated. */
function arrow(x, y, qualifier, [right, down]) {
  const sign = { at_least: 1, at_most: -1 }[qualifier];
  if (!sign) return null;
  const [dx, dy] = [right * sign, down * sign];
  const [tipX, tipY] = [x + dx * ARROW, y + dy * ARROW];
  const wing = (side) => `${tipX - dx * HEAD * 1.4 + dy * HEAD * side} ${tipY - dy * HEAD * 1.4 + dx * HEAD * side}`;
  return s("path", { d: `M${x} ${y}L${tipX} ${tipY}M${wing(1)}L${tipX} ${tipY}L${wing(-1)}`, class: "shaft" });
}

/** Take labels in order and leave out those that would lie on one before. */
export function spread(labels, { width, height = 13, right }) {
  const taken = [];
  return labels.filter((label) => {
    const long = label.text.length * width;
    if (label.x + long > right) label.anchor = "end";
    const from = label.anchor === "end" ? label.x - long - 2 * (label.gap ?? 0) : label.x;
    const box = [from, label.y - height, from + long, label.y + 2];
    const free = taken.every(([a, b, c, d]) => box[2] < a || box[0] > c || box[3] < b || box[1] > d);
    if (free) taken.push(box);
    return free;
  });
}
