// The search box: names as they are typed, by the keyboard or the pointer.

import { Asking } from "./api.js";
import { go, here, to } from "./address.js";
import { h, name } from "./dom.js";
import { word } from "./format.js";

const PATIENCE_MS = 120;
const MOST = 10;
const VIEWS = {
  company: (id) => to("company", { id }),
  round: (id) => to("round", { id }),
  investor: (id) => to("rounds", { investor: id }),
};

/** Make the box search. */
export function startSearch(form, input, list, say) {
  let timer = 0;
  let controller = new AbortController();
  let active = -1;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Whoever is quicker than the answer wants the likeliest name.
    clearTimeout(timer);
    if (list.hidden) await look();
    follow(list.children[Math.max(active, 0)]);
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PATIENCE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look();
      else activate(active + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  // The box keeps the focus, without which the list would be gone before it is clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    follow(event.target.closest("[data-address]"));
  });

  function follow(hit) {
    const address = hit?.dataset.address;
    if (!address) return;
    input.value = "";
    close();
    go(address);
  }

  async function look() {
    controller.abort();
    controller = new AbortController();
    const q = input.value.trim();
    if (!q) {
      close();
      return;
    }
    try {
      const asking = new Asking(controller.signal, here().params.get("known_on"));
      show((await asking.get("v1/search", { q, limit: MOST })).data);
    } catch (error) {
      if (error.name !== "AbortError") showNote(error.message);
    }
  }

  function show(hits) {
    if (!hits.length) {
      showNote("No name is like that.");
      return;
    }
    list.replaceChildren(...hits.map(option));
    open();
    say(`${hits.length} names found`);
  }

  function showNote(text) {
    list.replaceChildren(h("li", { role: "option", "aria-disabled": "true", class: "note" }, text));
    open();
    say(text);
  }

  function open() {
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    clearTimeout(timer);
    controller.abort();
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function activate(place) {
    const options = [...list.children];
    active = (place + options.length) % options.length;
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }
}

function option(hit, place) {
  const other = hit.matched !== hit.name && hit.kind !== "round" ? h("small", null, name(hit.matched)) : null;
  return h(
    "li",
    { role: "option", id: `hit-${place}`, "aria-selected": "false", "data-address": VIEWS[hit.kind](hit.id) },
    h("span", null, name(hit.name), other),
    h("small", { class: "kind" }, word(hit.kind)),
  );
}
