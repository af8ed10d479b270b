// Brings the OpenAPI document that lies beside the page, for either of the two tools that draw it.

// A document without servers means the root of the host, which is wrong behind a path prefix.
const named = (openapi, base) => ({ servers: [{ url: base.replace(/\/$/, "") }], ...openapi });

/** Draws the document with the given function, or says in its place why there is none. */
export async function drawOpenapi(draw) {
  const place = document.getElementById("reference");
  try {
    const url = new URL("openapi.json", document.baseURI);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
    draw(named(await response.json(), new URL(".", url).href), place);
  } catch (error) {
    place.className = "notice";
    place.textContent = `The documentation can't be shown: ${error.message}.`;
  }
}
