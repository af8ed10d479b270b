// The table of rounds, with its filters.

import { roundColumns } from "../cells.js";
import { h } from "../dom.js";
import { amount, countries, day, facet, filterBar, words } from "../filters.js";
import { csvLink } from "../parts.js";
import { endlessTable } from "../table.js";

const STATISTICS = {
  path: "v1/rounds/stats",
  all: {
    status: ["reported", "announced", "closed", "cancelled"],
    instrument: ["equity", "debt", "mixed", "secondary", "grant"],
  },
};
const FILTERS = [
  words("q", "Words in names"),
  countries,
  facet("stage", "Stage"),
  facet("category", "Field"),
  facet("status", "Status"),
  facet("instrument", "Instrument"),
  amount("min_amount_usd", "At least"),
  day("announced_from", "From"),
  day("announced_to", "To"),
];

/** Build the view. */
export function mount({ say }) {
  const bar = filterBar(FILTERS, STATISTICS);
  const files = h("p");
  const table = endlessTable("Rounds", roundColumns(), say, files);
  const node = h(
    "div",
    null,
    h("h1", null, "Rounds"),
    h(
      "p",
      { class: "lead" },
      "Every financing that a source speaks of: closed, announced, talked of and cancelled. A number opens the claims behind it.",
    ),
    bar.node,
    table.node,
  );

  async function update({ params }, asking) {
    bar.update(params);
    files.replaceChildren(...csvLink("rounds", params));
    const asked = new URLSearchParams(params);
    if (!asked.has("sort")) asked.set("sort", "-announced_on");
    await table.load(asking, "v1/rounds", asked);
    return "Rounds";
  }

  return { node, update };
}
