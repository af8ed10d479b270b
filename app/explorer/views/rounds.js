// The table of rounds, with its filters.

import { roundColumns } from "../cells.js";
import { amount, countries, day, facet, words } from "../filters.js";
import { listing } from "../listing.js";

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
  facet("category", "Category"),
  facet("status", "Status"),
  facet("instrument", "Instrument"),
  amount("min_amount_usd", "At least"),
  day("announced_from", "From"),
  day("announced_to", "To"),
];

/** Build the view. */
export function mount({ say }) {
  const view = {
    collection: "rounds",
    title: "Rounds",
    lead: "Every financing that a source speaks of: closed, announced, talked of and cancelled. A number opens the claims behind it.",
    filters: FILTERS,
    statistics: STATISTICS,
    columns: roundColumns(),
    sort: "-announced_on",
  };
  return listing(view, say);
}
