// A table that reads its list on while it is scrolled. All rows that were read stay in the document,
// where the browser finds, prints and reads them aloud; it lays out and paints those alone that are near.

import { cleared } from "./address.js";
import { h } from "./dom.js";
import { count } from "./format.js";
import { empty, fill, problem, skeleton } from "./states.js";
import { rowGroup, tableWithoutRows } from "./table.js";

const FIRST_PAGE = 50;
const NEXT_PAGES = 200;
// Rows of a group: as many as a frame can build and lay out. The browser looks at each group in each frame
// of a scroll, so that many more groups would cost more than they save.
const GROUP = 25;
const NEAR = "1500px 0px";
const RANKS = [1, 2, 3, 4, 5];

/** Build a table of a list that goes on: `load` fills it anew.
 * @param {import("./table.js").Column[]} columns */
export function endlessTable(caption, columns, say, files) {
  const tally = h("p", { "aria-live": "polite" });
  const frame = h("div", { class: "frame" });
  const more = h("button", { type: "button", class: "more" }, "Show more");
  const node = h("div", { class: "endless" }, h("div", { class: "told" }, tally, files), frame, more);
  let list = null;
  const end = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && list?.readOn(), {
    rootMargin: NEAR,
  });
  more.addEventListener("click", () => list?.readOn());

  /** Read the list from its beginning. */
  async function load(asking, path, params) {
    list = null;
    more.hidden = true;
    frame.replaceChildren(skeleton(16));
    tally.textContent = "\u00a0";
    const asked = [...params].filter(([key]) => !["known_on", "limit", "cursor"].includes(key));
    const ask = (limit, ...others) =>
      asking.get(path, new URLSearchParams([...asked, ["limit", limit], ...others]));
    await fill(frame, ask(FIRST_PAGE, ["count", "true"]), ({ data, page }) => {
      tally.textContent = `${count(page.total)} ${caption.toLowerCase()}`;
      if (!data.length)
        return empty(
          `No ${caption.toLowerCase()} match.`,
          h("a", { href: cleared() }, "Take all filters away."),
        );
      const table = growingTable(caption, columns, params.get("sort"), page.total);
      table.append(...groups(data).map((rows) => rowGroup(columns, rows)));
      list = reader(table, (cursor) => ask(NEXT_PAGES, ["cursor", cursor]), page.next_cursor);
      more.hidden = page.next_cursor === null;
      lookForEnd();
      return table;
    });
  }

  /** Be told whether the end is near; an observer tells changes alone, and a short page leaves it near. */
  function lookForEnd() {
    end.unobserve(more);
    end.observe(more);
  }

  /** What reads a list on into a table, one page at a time. */
  function reader(table, askFrom, cursor) {
    let busy = false;

    async function readOn() {
      if (busy || cursor === null) return;
      busy = true;
      try {
        const { data, page } = await askFrom(cursor);
        if (!table.isConnected) return;
        for (const rows of groups(data)) {
          await nextFrame();
          if (!table.isConnected) return;
          table.append(rowGroup(columns, rows));
        }
        cursor = page.next_cursor;
        more.hidden = cursor === null;
        if (cursor === null) say("That is all.");
        lookForEnd();
      } catch (error) {
        if (error.name === "AbortError") return;
        frame.append(problem(error));
        more.hidden = true;
      }
      busy = false;
    }

    return { readOn };
  }

  return { node, load };
}

/** Build a table for groups of rows, which tables.css makes grids: it is told their columns. */
function growingTable(caption, columns, sort, total) {
  const table = tableWithoutRows(caption, columns, sort);
  table.setAttribute("aria-rowcount", String(total + 1));
  for (const rank of RANKS) table.style.setProperty(`--columns-${rank}`, tracks(columns, rank));
  return table;
}

function groups(rows) {
  return Array.from({ length: Math.ceil(rows.length / GROUP) }, (_, place) =>
    rows.slice(place * GROUP, (place + 1) * GROUP),
  );
}

const nextFrame = () => new Promise(requestAnimationFrame);

/** The tracks of a grid with the columns that are shown down to a rank; without room all are as wide. */
function tracks(columns, least) {
  return columns
    .filter(({ rank = 1 }) => rank <= least)
    .map(({ width }) => (least > 1 && width) || "minmax(0, 1fr)")
    .join(" ");
}
