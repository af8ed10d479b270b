// Elements. What a dataset says becomes text, never markup, and a link leads to http or https alone.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element of HTML: attributes (null leaves one out, on… listens), then children. */
export function h(tag, attributes, ...children) {
  return complete(document.createElement(tag), attributes, children);
}

/** Make an element of SVG. */
export function s(tag, attributes, ...children) {
  return complete(document.createElementNS(SVG, tag), attributes, children);
}

/** Make a text of the dataset, whose direction is its own. */
export function name(text) {
  return h("bdi", null, text);
}

/** Make a link to a source, or its text alone where its address leads to neither http nor https. */
export function outside(address, ...children) {
  return isWeb(URL.parse(address))
    ? h("a", { href: address, rel: "noreferrer", class: "outside" }, ...children)
    : h("span", null, ...children);
}

/** Put children between which a separator stands, leaving out those that are missing. */
export function joined(separator, children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== "")
    .flatMap((child, place) => (place ? [separator, child] : [child]));
}

/** Show a day in an input that takes whole days alone. */
export function setDay(input, text) {
  input.valueAsDate = text?.length === 10 ? new Date(`${text}T00:00Z`) : null;
}

const isWeb = (url) => url !== null && ["http:", "https:"].includes(url.protocol);

function complete(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key !== "href" || isWeb(URL.parse(value, document.baseURI)))
      element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return element;
}
