// What a part of a view shows while it loads, when it is empty, and when it can't be shown.

import { changed, to } from "./address.js";
import { ProblemError } from "./api.js";
import { h } from "./dom.js";

/** Fill a part of the page once its answers are there, or say why that isn't possible. */
export async function fill(part, answers, draw) {
  part.setAttribute("aria-busy", "true");
  try {
    part.replaceChildren(...[draw(await answers)].flat());
  } catch (error) {
    if (error.name === "AbortError") return;
    part.replaceChildren(problem(error));
    if (!(error instanceof ProblemError)) console.error(error);
  }
  part.removeAttribute("aria-busy");
}

/** Lines that stand for a text until it is there. */
export function skeleton(lines) {
  return h(
    "div",
    { class: "skeleton", "aria-hidden": "true" },
    ...Array.from({ length: lines }, () => h("i")),
  );
}

/** Say that nothing matches, and what to do about it. */
export function empty(text, ...ways) {
  return h("p", { class: "empty" }, text, ...ways.flatMap((way) => [" ", way]));
}

/** Say what went wrong: a problem's suggestions are links to where they lead. */
export function problem(error) {
  const told =
    error instanceof ProblemError
      ? error.problem
      : { title: "This can't be shown", detail: error.message, errors: [] };
  const errors = told.errors ?? [];
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("h2", null, told.title),
    errors.length
      ? h("ul", null, ...errors.map((one) => h("li", null, shortened(one.message), suggestion(one))))
      : h("p", null, told.detail ?? ""),
    h(
      "p",
      null,
      h("a", { href: location.search || "./", class: "again" }, "Try again"),
      " or ",
      h("a", { href: to("overview", { known_on: null }) }, "go to the overview"),
      ".",
      told.request_id ? h("small", null, ` Request ${told.request_id}`) : null,
    ),
  );
}

/** A message without a list of words that is longer than anybody reads. */
function shortened(message) {
  return message.replace(/ one of [^;]{100,}/, " one of the words that it takes");
}

/** Where an error leads: to what was meant, or to the same without what is wrong. */
function suggestion({ parameter, message, suggestion: better }) {
  const here = new URLSearchParams(location.search);
  if (!here.has(parameter)) return null;
  const [changes, text] = better
    ? [mended(here, parameter, message, better), `Show ${better}`]
    : [{ [parameter]: null }, `Leave ${parameter} out`];
  return [" ", h("a", { href: changed(changes), class: "suggestion" }, text)];
}

/** What the address changes by a suggestion, which is for a parameter's name or for one of its terms. */
function mended(here, parameter, message, better) {
  const values = here.getAll(parameter);
  if (message.startsWith(`${parameter}: is no parameter`)) {
    return { [parameter]: null, [better]: values };
  }
  const [told] = message.split(/; did you mean| one of /);
  const mend = (term) => {
    const bare = term.replace(/^-/, "");
    return bare && told.includes(bare) ? term.replace(bare, better) : term;
  };
  const mendedValues = values.map((value) => value.split(",").map(mend).join(","));
  return { [parameter]: String(values) === String(mendedValues) ? better : mendedValues };
}
