// The sheet of claims behind a number: who said it, when, how sure, which was chosen and who disagrees.

import { changed, go, here } from "./address.js";
import { Asking } from "./api.js";
import { stated } from "./bounds.js";
import { h, joined, name, outside } from "./dom.js";
import { count, date, wholeMoney, word } from "./format.js";
import { OWN_SERIES } from "./numbers.js";
import { requestPanel } from "./requests.js";
import { fill, skeleton } from "./states.js";

const KNOWN_BY = {
  published: "its publication",
  announced: "the date of the round",
  as_of: "the date of the number",
  retrieved: "the day on which it was read",
};
const NEVER_CHOSEN = ["forecast", "disputed"];

const title = h("h2", { id: "claims-title", tabindex: "-1" });
const body = h("div", { class: "claims" });
const sheet = h(
  "dialog",
  { class: "sheet", "aria-labelledby": "claims-title", onclose: left, onclick: leaveByBackdrop },
  h("form", { method: "dialog" }, h("button", { class: "close", "aria-label": "Close" }, "×")),
  title,
  body,
);
document.body.append(sheet);
let shown = null;
let opened = false;
let controller = new AbortController();

/** Show the claims of the quantity that the address names, or close the sheet. */
export function showClaims({ claims, params }, { pushed }) {
  const key = claims && `${claims} ${params.get("known_on")}`;
  if (key === shown) return;
  shown = key;
  controller.abort();
  if (claims === null) {
    sheet.close();
    return;
  }
  controller = new AbortController();
  opened = pushed;
  const asking = new Asking(controller.signal, params.get("known_on"));
  title.textContent = word(claims.split(".")[0]);
  body.replaceChildren(skeleton(8));
  if (!sheet.open) sheet.showModal();
  title.focus();
  fill(body, claimsOf(claims, asking), (group) => drawn(group, asking));
}

/** The page shows what the address says, so that closing the sheet changes it. */
function left() {
  if (here().claims === null) return;
  if (opened) history.back();
  else go(changed({ claims: null }), { replace: true });
}

function leaveByBackdrop(event) {
  if (event.target === sheet) sheet.close();
}

/** Read the claims of a quantity: all of a round's, or those of a company's month. */
async function claimsOf(quantity, asking) {
  const [metric, owner, month, basis] = quantity.split(".");
  if (month === undefined) return ofRound(metric, owner, asking);
  const all = await asking.all("v1/claims", { metric, company: owner });
  if (month === "current") return current(metric, owner, all, asking);
  return ofMonth(metric, month, basis, all);
}

async function ofRound(metric, round, asking) {
  return { metric, month: null, claims: await asking.all("v1/claims", { metric, round }) };
}

/** Find the group of a company's current figure, by the source and the number of its chosen claim. */
async function current(metric, company, all, asking) {
  const { [metric]: figure } = await asking.get(`v1/companies/${encodeURIComponent(company)}`);
  const chosen = all.find(
    (one) => one.chosen && one.source.id === figure?.source.id && one.value === figure.value,
  );
  if (!chosen) return { metric, month: null, claims: [] };
  if (chosen.round === null) return ofMonth(metric, monthOf(chosen) ?? "undated", undefined, all);
  return { metric, month: null, claims: all.filter(({ round }) => round === chosen.round) };
}

/** Pick the claims on a company's month. */
function ofMonth(metric, month, basis, all) {
  const series = all.filter(
    (claim) => claim.round === null && (OWN_SERIES.includes(claim.basis) ? claim.basis : undefined) === basis,
  );
  const months = series
    .filter((claim) => !NEVER_CHOSEN.includes(claim.status))
    .map(monthOf)
    .filter(Boolean)
    .sort();
  // What names no date is held against the current numbers.
  const undated = month === (months.at(-1) ?? "undated");
  return {
    metric,
    month,
    claims: series.filter((claim) => (monthOf(claim) ?? (undated ? month : null)) === month),
  };
}

function monthOf(claim) {
  return (claim.as_of ?? claim.source.published_on)?.slice(0, 7) ?? null;
}

function drawn({ metric, month, claims }, asking) {
  const [first] = claims;
  if (!first) return [h("p", null, "Nobody states this number."), requestPanel(asking.addresses)];
  title.replaceChildren(
    word(metric),
    " of ",
    name(first.company.name),
    month && month !== "undated" ? `, ${date(month)}` : "",
  );
  const order = (claim) =>
    [!claim.chosen, NEVER_CHOSEN.includes(claim.status), claim.rival].map(Number).join("");
  const sorted = claims.toSorted((one, other) => order(one).localeCompare(order(other)));
  const rivals = claims.filter((claim) => claim.rival).length;
  return [
    h("p", { class: "lead" }, summary(claims.length, rivals)),
    first.round ? h("p", { class: "quiet" }, "Of the round ", h("code", null, first.round)) : null,
    h("ol", { class: "claim-list" }, ...sorted.map(claimItem)),
    h(
      "p",
      { class: "quiet" },
      "One claim is chosen, never an average: what is stated as fact goes before estimates and talks, filings before companies and these before the press; then the number that most state counts, and the more cautious wording.",
    ),
    requestPanel(asking.addresses),
  ].filter(Boolean);
}

function summary(claims, rivals) {
  const told = claims === 1 ? "One source states this number." : `${count(claims)} claims state this number.`;
  if (claims === 1) return told;
  if (!rivals) return `${told} None disagrees with the one that was chosen.`;
  return `${told} ${rivals === 1 ? "One disagrees" : `${count(rivals)} disagree`} with the one that was chosen.`;
}

function claimItem(claim) {
  const { source } = claim;
  const marks = joined(" ", [
    claim.chosen ? h("span", { class: "mark chosen" }, "Chosen") : null,
    claim.rival ? h("span", { class: "mark rival" }, "Disagrees") : null,
    claim.status === "stated" ? null : h("span", { class: "mark" }, word(claim.status)),
  ]);
  const title = source.title ?? (URL.canParse(source.url) ? new URL(source.url).hostname : source.id);
  return h(
    "li",
    { class: claim.chosen ? "claim is-chosen" : "claim" },
    h(
      "p",
      { class: "stated" },
      h("strong", null, stated(claim).words),
      ...(marks.length ? [" ", ...marks] : []),
    ),
    h(
      "p",
      { class: "source" },
      name(source.publisher ?? "Publisher unknown"),
      ": ",
      outside(source.url ?? "", name(title)),
    ),
    h("p", { class: "quiet" }, ...joined(" · ", details(claim))),
  );
}

function details(claim) {
  return [
    claim.qualifier === "exact" ? "stated as exact" : null,
    claim.currency && claim.currency !== "USD"
      ? `${wholeMoney(claim.value, claim.currency)} as stated`
      : null,
    claim.basis ? word(claim.basis) : null,
    claim.as_of ? `as of ${date(claim.as_of)}` : "names no date for the number",
    claim.source.published_on
      ? `published ${date(claim.source.published_on)}`
      : "names no day of publication",
    claim.known_on ? `known from ${date(claim.known_on)}, ${KNOWN_BY[claim.known_basis]}` : null,
    claim.locator ? name(claim.locator) : null,
  ];
}
