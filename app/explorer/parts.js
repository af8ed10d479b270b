// Parts that several views have: files of what is shown, and headed sections.

import { h } from "./dom.js";
import { skeleton } from "./states.js";

const FORMATS = { csv: "CSV", ndjson: "NDJSON", parquet: "Parquet" };

/** Links to the whole of a filtered list, as files. */
export function fileLinks(collection, params) {
  const asked = new URLSearchParams(
    [...params].filter(([key]) => !["limit", "cursor", "count"].includes(key)),
  );
  const file = (format) =>
    h(
      "a",
      { href: `v1/${collection}.${format}${asked.size ? `?${asked}` : ""}`, download: true },
      FORMATS[format],
    );
  return ["As ", file("csv"), ", ", file("ndjson"), " or ", file("parquet")];
}

/** A headed section of a view. */
export function section(id, title, parts, { tall = false } = {}) {
  return h(
    "section",
    { "aria-labelledby": id },
    h("h2", { id }, title),
    h("div", { class: tall ? "part tall" : "part" }, parts),
  );
}

/** A headed section whose content comes later: its node, and the part to fill. */
export function sectionToFill(id, title, { lines = 8, tall = false } = {}) {
  const node = section(id, title, skeleton(lines), { tall });
  return { node, part: node.lastChild };
}

/** A number with its name and what has to be said beside it, of a list of such. */
export function pair(term, value, note) {
  return h(
    "div",
    null,
    h("dt", null, term),
    h("dd", null, h("strong", null, value), " ", h("small", null, note)),
  );
}
