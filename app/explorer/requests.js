// The requests behind a view, ready to copy as curl, Python and TypeScript.

import { h } from "./dom.js";

const WRITERS = {
  curl: (address) => `curl --silent --show-error '${address}'`,
  Python: (address) =>
    [
      "import json",
      "from urllib.request import urlopen",
      "",
      `with urlopen(${JSON.stringify(address)}) as answer:`,
      "    print(json.dumps(json.load(answer), indent=2, ensure_ascii=False))",
    ].join("\n"),
  TypeScript: (address) =>
    [
      `const answer: Response = await fetch(${JSON.stringify(address)});`,
      "if (!answer.ok) throw new Error(await answer.text());",
      "console.log(await answer.json());",
    ].join("\n"),
};

let chosen = "curl";

/** Show the requests of a view, which may have several. */
export function requestPanel(addresses) {
  const absolute = addresses.map((address) => new URL(address, document.baseURI).href);
  const code = h("code");
  const open = h("a", null, "Open the answer");
  const which = h(
    "select",
    { "aria-label": "Request", onchange: draw },
    ...addresses.map((address, place) => h("option", { value: place }, shortened(address))),
  );
  const ways = h(
    "span",
    { class: "ways", role: "group", "aria-label": "Written as" },
    ...Object.keys(WRITERS).map((way) => h("button", { type: "button", onclick: () => choose(way) }, way)),
  );
  const copy = h("button", { type: "button", class: "copy", onclick: copyCode }, "Copy");

  function choose(way) {
    chosen = way;
    draw();
  }

  function draw() {
    const address = absolute[which.value];
    code.textContent = WRITERS[chosen](address);
    open.setAttribute("href", address);
    for (const button of ways.children)
      button.setAttribute("aria-pressed", String(button.textContent === chosen));
  }

  async function copyCode() {
    let told = "Copied";
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      told = "Selected";
    }
    copy.textContent = told;
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  }

  draw();
  const title =
    addresses.length === 1 ? "the request behind this" : `the ${addresses.length} requests behind this`;
  return h(
    "details",
    { class: "requests", ontoggle: draw },
    h("summary", null, "For developers: ", title),
    h("div", { class: "bar" }, which, ways, copy),
    h("pre", { tabindex: "0", "aria-label": "The request as code" }, code),
    h(
      "p",
      null,
      open,
      " · ",
      h("a", { href: "docs" }, "Try it and read its parameters"),
      " · ",
      h("a", { href: "redoc" }, "All fields"),
    ),
  );
}

function shortened(address) {
  return address.length > 120 ? `${address.slice(0, 119)}…` : address;
}
