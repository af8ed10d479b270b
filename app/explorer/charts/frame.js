// A chart that is drawn to the width it has, and again when that changes.

import { h, s } from "../dom.js";

/** Build a chart: `draw` returns the elements of an SVG of so many pixels. */
export function chart(label, height, draw) {
  const node = h("div", { class: "chart" });
  node.style.height = `${height}px`;
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === width || now === 0) return;
    width = now;
    node.replaceChildren(
      s(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label },
        ...draw(width, height).flat(Infinity),
      ),
    );
  }).observe(node);
  return node;
}

/** Build the key of a chart: what its marks stand for. */
export function key(entries) {
  return h(
    "ul",
    { class: "key" },
    ...entries.map(([mark, text]) => h("li", null, h("i", { class: mark, "aria-hidden": "true" }), text)),
  );
}
