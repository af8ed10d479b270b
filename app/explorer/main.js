// Shows the view that the address names, and what stands around all views.

import { changed, go, here, keepScroll } from "./address.js";
import { Asking, unreachable } from "./api.js";
import { showClaims } from "./claims.js";
import { h, setDay } from "./dom.js";
import { date } from "./format.js";
import { requestPanel } from "./requests.js";
import { startSearch } from "./search.js";
import { fill, problem } from "./states.js";

const VIEWS = {
  overview: () => import("./views/overview.js"),
  companies: () => import("./views/companies.js"),
  rounds: () => import("./views/rounds.js"),
  company: () => import("./views/company.js"),
  round: () => import("./views/round.js"),
};

const RESTS_MS = 200;

const main = document.querySelector("main");
const said = document.querySelector("#said");
const day = document.querySelector("#known-on");
const past = document.querySelector("#past");

let mounted = null;
let shown = null;
let controller = new AbortController();

/** Tell those who listen what has changed. */
function say(text) {
  said.textContent = text;
}

/** Show the view of the address; `pushed` says that the page went there by itself. */
async function show({ pushed = false, scrolled = null } = {}) {
  const place = here();
  const asked = `${place.view}?${place.params}&${place.stack}`;
  showClaims(place, { pushed });
  if (asked === shown) return;
  const first = shown === null;
  shown = asked;
  controller.abort();
  controller = new AbortController();
  const asking = new Asking(controller.signal, place.params.get("known_on"));
  showFrame(place);
  try {
    const another = mounted?.name !== place.view;
    if (another) {
      const load = VIEWS[place.view];
      if (!load) throw new Error(`There is no view ${place.view}.`);
      const view = await load().catch(() => {
        throw unreachable();
      });
      if (asking.signal.aborted) return;
      mounted = { name: place.view, requests: h("div"), ...view.mount({ say }) };
      main.replaceChildren(mounted.node, mounted.requests);
    }
    if (!first && (another || mounted.isOneThing)) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
    const title = await mounted.update(place, asking);
    if (asking.signal.aborted) return;
    mounted.requests.replaceChildren(requestPanel(asking.addresses));
    document.title = title ? `${title}: airounds` : "airounds: the funding of AI, and who says so";
    if (scrolled !== null) scrollTo(0, scrolled);
  } catch (error) {
    if (error.name === "AbortError") return;
    mounted = null;
    main.replaceChildren(h("h1", null, "This can't be shown"), problem(error));
    document.title = "airounds";
  }
}

/** Show what all views have: where one is, and as of which day. */
function showFrame({ view, params }) {
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const to = new URLSearchParams(link.dataset.view === "overview" ? [] : [["view", link.dataset.view]]);
    if (params.has("known_on")) to.set("known_on", params.get("known_on"));
    link.href = to.size ? `?${to}` : "./";
  }
  const known = params.get("known_on");
  setDay(day, known);
  past.hidden = known === null;
  if (known !== null) {
    past.replaceChildren(
      "As it was known on ",
      h("strong", null, date(known)),
      ". ",
      h("a", { href: changed({ known_on: null }) }, "Show what is known today"),
    );
  }
}

// Browsers end a scroll at each step of a wheel, and refuse to note so many places.
let resting = 0;
history.scrollRestoration = "manual";
addEventListener("scrollend", () => {
  clearTimeout(resting);
  resting = setTimeout(keepScroll, RESTS_MS);
});
addEventListener("popstate", ({ state }) => {
  clearTimeout(resting);
  show({ scrolled: state?.scrolled ?? 0 });
});
addEventListener("navigate", () => {
  clearTimeout(resting);
  show({ pushed: true });
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented) return;
  const address = link.getAttribute("href");
  if (address !== "./" && !address.startsWith("?")) return;
  event.preventDefault();
  const again = link.classList.contains("again");
  if (again && mounted === null) {
    // Scripts that couldn't be had are asked for again by a new page alone.
    location.reload();
    return;
  }
  if (again) shown = null;
  go(address, { replace: again });
});
day.addEventListener("change", () => go(changed({ known_on: day.value })));
day.form.addEventListener("submit", (event) => event.preventDefault());
startSearch(
  document.querySelector(".search"),
  document.querySelector("#search"),
  document.querySelector("#hits"),
  say,
);

const terms = document.querySelector("#terms");
fill(
  terms,
  new Asking(AbortSignal.timeout(30_000)).getNow("v1/dataset"),
  ({ attribution, licences, version }) => [
    attribution ?? "",
    ...licences.flatMap(({ title, name, url }) => [
      " ",
      h("a", { href: url ?? "", rel: "license" }, title ?? name ?? ""),
    ]),
    h("small", null, ` Dataset ${version}`),
  ],
);
show();
