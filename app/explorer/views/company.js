// One company: what is known of it, in time, with its rounds, multiples and series.

import { key } from "../charts/frame.js";
import { SERIES, timelineChart } from "../charts/timeline.js";
import { h } from "../dom.js";
import { word } from "../format.js";
import { OWN_SERIES } from "../numbers.js";
import { section } from "../parts.js";
import { empty, skeleton } from "../states.js";
import { figures, identity } from "./company/figures.js";
import { multiplesTable, roundsTable, seriesTable } from "./company/tables.js";

/** Build the view. */
export function mount() {
  const node = h("div");

  async function update({ params }, asking) {
    const path = `v1/companies/${encodeURIComponent(params.get("id") ?? "")}`;
    node.replaceChildren(skeleton(16));
    const lists = Promise.all([asking.all(`${path}/rounds`), asking.all(`${path}/metrics`)]);
    // Without the company there is nothing to say of it, whatever became of its lists.
    lists.catch(() => null);
    const company = await asking.get(path);
    const head = [...identity(company), figures(company)];
    node.replaceChildren(...head, skeleton(16));
    const [rounds, metrics] = await lists;
    // All sections at once, so that none moves when one above it comes later.
    node.replaceChildren(
      ...head,
      section("timeline", "In time", timelineParts(company, rounds, metrics)),
      section("rounds", "Rounds", roundsTable(rounds)),
      section("multiples", "Multiples", multiplesTable(company, metrics)),
      section("series", "Every number in time", seriesTable(company, metrics)),
    );
    return company.name;
  }

  return { node, update, isOneThing: true };
}

function timelineParts(company, rounds, metrics) {
  const drawn = metrics.filter(
    (one) => SERIES.includes(one.kind) && one.as_of && one.unit === "USD" && !OWN_SERIES.includes(one.basis),
  );
  const raised = rounds.filter(
    (one) => one.announced_on && one.amount?.usd && ["closed", "announced"].includes(one.status),
  );
  if (drawn.length + raised.length < 2) return [empty("Too few dated numbers are known to draw them.")];
  const kinds = SERIES.filter((kind) => drawn.some((one) => one.kind === kind));
  return [
    key([
      ...kinds.map((kind) => [`dot of-${kind}`, word(kind)]),
      ...(raised.length ? [["amount", "Raised in a round"]] : []),
      ["arrow", "only a bound"],
    ]),
    timelineChart(company, drawn, raised),
    h(
      "p",
      { class: "note" },
      "On a log axis, so that the distance between valuation and revenue is the multiple. A number of which only the year is known lies on a line as long as that year.",
    ),
  ];
}
