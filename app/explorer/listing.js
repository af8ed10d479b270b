// The view of a list: its filters above its table, and the file of what it shows.

import { h } from "./dom.js";
import { endlessTable } from "./endless.js";
import { filterBar } from "./filters.js";
import { fileLinks } from "./parts.js";

/** Build the view of a collection of the API; `sort` is its order where the address names none. */
export function listing({ collection, title, lead, filters, statistics, columns, sort }, say) {
  const bar = filterBar(filters, statistics);
  const files = h("p");
  const table = endlessTable(title, columns, say, files);
  const node = h("div", null, h("h1", null, title), h("p", { class: "lead" }, lead), bar.node, table.node);

  async function update({ params }, asking) {
    bar.update(params);
    files.replaceChildren(...fileLinks(collection, params));
    const asked = new URLSearchParams(params);
    if (!asked.has("sort")) asked.set("sort", sort);
    await table.load(asking, `v1/${collection}`, asked);
    return title;
  }

  return { node, update };
}
