// One round: its amount and valuation, what follows from them, who invested, and all its claims.

import { to } from "../address.js";
import { derived, writer } from "../bounds.js";
import { companyLink, investors, roundFigure } from "../cells.js";
import { h, joined, name, outside } from "../dom.js";
import { date, disagreement, support, word } from "../format.js";
import { inputLinks } from "../numbers.js";
import { pair, section } from "../parts.js";
import { skeleton } from "../states.js";

/** Build the view. */
export function mount() {
  const node = h("div", { class: "round" });

  async function update({ params }, asking) {
    node.replaceChildren(skeleton(12));
    const round = await asking.get(`v1/rounds/${encodeURIComponent(params.get("id") ?? "")}`);
    node.replaceChildren(
      ...identity(round),
      figures(round),
      section(
        "investors",
        "Investors",
        round.investors.length ? investors(round, { all: true }) : "No source names any.",
      ),
    );
    return `${round.company.name}, ${word(round.stage)}`;
  }

  return { node, update, isOneThing: true };
}

function identity(round) {
  return [
    h("h1", null, ...companyLink(round.company), `, ${word(round.stage)}`),
    h(
      "p",
      { class: "lead" },
      ...joined(" · ", [
        round.announced_on ? `announced ${date(round.announced_on)}` : null,
        round.closed_on ? `closed ${date(round.closed_on)}` : null,
        word(round.status).toLowerCase(),
        word(round.instrument).toLowerCase(),
        round.extends
          ? h("a", { href: to("round", { id: round.extends }) }, "extends an earlier round")
          : null,
      ]),
    ),
    h(
      "p",
      { class: "quiet" },
      "Source: ",
      outside(round.source.url ?? "", name(round.source.publisher ?? round.source.id)),
    ),
  ];
}

function figures(round) {
  return h(
    "dl",
    { class: "figures" },
    ...["amount", "valuation"].map((field) => figureItem(round, field)),
    ...["dilution", "step_up"].map((kind) => ratioItem(round, kind)),
  );
}

function figureItem(round, field) {
  const figure = round[field];
  const metric = field === "amount" ? "amount_raised" : field;
  const note =
    figure === null
      ? ""
      : joined(", ", [
          figure.basis && word(figure.basis),
          support(figure.claims),
          figure.rivals ? disagreement(figure.rivals) : null,
        ]).join("");
  return pair(word(metric), roundFigure(round, metric, { words: true }), note);
}

function ratioItem(round, kind) {
  const value = round[kind];
  if (value.nominal === null) return pair(word(kind), "–", value.reason ?? "");
  const told = derived(value, writer(kind));
  return pair(
    word(kind),
    told.text,
    h("span", null, told.bounds, ": ", ...joined(", ", inputLinks(value.inputs, round.company.id, { named: true }))),
  );
}
