// A table that reads its list page by page as it is scrolled. What is far out of sight leaves the
// document and comes back when it is near, so that ten thousand rows scroll as a hundred do.

import { changed, cleared } from "./address.js";
import { h } from "./dom.js";
import { count } from "./format.js";
import { empty, fill, problem, skeleton } from "./states.js";

const ROWS = 50;
const NEAR = "1500px 0px";

/**
 * A column: its heading and cell, by what it sorts, whether it holds numbers, and how much it matters
 * where there is little room (1 is always shown).
 * @typedef {{label: string, cell: (row: object) => (Node | string | null), sort?: string, number?: boolean,
 *   rank?: number, width?: string}} Column
 */

/** Build a plain table of some rows.
 * @param {Column[]} columns */
export function plainTable(caption, columns, rows, sort = null) {
  return h(
    "table",
    { class: "rows" },
    h("caption", { class: "unseen" }, caption),
    widths(columns),
    head(columns, sort),
    pageOf(columns, rows),
  );
}

/** Build a table of a list that goes on: `load` fills it anew.
 * @param {Column[]} columns */
export function endlessTable(caption, columns, say, files) {
  const tally = h("p", { "aria-live": "polite" });
  const frame = h("div", { class: "frame" });
  const more = h("button", { type: "button", class: "more" }, "Show more");
  const node = h("div", { class: "endless" }, h("div", { class: "told" }, tally, files), frame, more);
  let read = null;
  const near = new IntersectionObserver(come, { rootMargin: NEAR });
  const end = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && read?.next(), {
    rootMargin: NEAR,
  });
  end.observe(more);
  more.addEventListener("click", () => read?.next());

  /** Read the list from its beginning. */
  async function load(asking, path, params) {
    near.disconnect();
    more.hidden = true;
    frame.replaceChildren(skeleton(16));
    tally.textContent = " ";
    read = null;
    const asked = [...params].filter(([key]) => key !== "known_on" && key !== "limit" && key !== "cursor");
    const first = new URLSearchParams([...asked, ["limit", ROWS], ["count", "true"]]);
    await fill(frame, asking.get(path, first), (answer) => {
      tally.textContent = `${count(answer.page.total)} ${caption.toLowerCase()}`;
      if (!answer.data.length)
        return empty(
          `No ${caption.toLowerCase()} match.`,
          h("a", { href: cleared() }, "Take all filters away."),
        );
      const table = plainTable(caption, columns, answer.data, params.get("sort"));
      table.setAttribute("aria-rowcount", String(answer.page.total + 1));
      near.observe(table.tBodies[0]);
      read = reader(asking, path, asked, table, answer);
      more.hidden = !answer.page.next_cursor;
      return table;
    });
  }

  /** Read on, one page at a time. */
  function reader(asking, path, asked, table, { page }) {
    let cursor = page.next_cursor;
    let busy = false;
    return {
      async next() {
        if (busy || !cursor) return;
        busy = true;
        try {
          const answer = await asking.get(
            path,
            new URLSearchParams([...asked, ["limit", ROWS], ["cursor", cursor]]),
          );
          const body = pageOf(columns, answer.data);
          table.append(body);
          near.observe(body);
          cursor = answer.page.next_cursor;
          more.hidden = !cursor;
          if (!cursor) say("That is all.");
          // The observer tells changes alone: a short page leaves the end in sight.
          end.unobserve(more);
          end.observe(more);
        } catch (error) {
          if (error.name !== "AbortError") frame.append(problem(error));
          more.hidden = true;
        }
        busy = false;
      },
    };
  }

  return { node, load };
}

const kept = new WeakMap();

/** Take pages that have gone far away out of the document, and bring back those that come near. */
function come(entries) {
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    if (isIntersecting && kept.has(target)) {
      target.replaceChildren(...kept.get(target));
      kept.delete(target);
    } else if (
      !isIntersecting &&
      !kept.has(target) &&
      boundingClientRect.height &&
      !target.contains(document.activeElement)
    ) {
      kept.set(target, [...target.rows]);
      // A column more than there are would take room from the others.
      const columns = [...target.rows[0].cells].filter((one) => one.offsetWidth).length;
      const cell = h("td", { colspan: columns });
      cell.style.height = `${boundingClientRect.height}px`;
      target.replaceChildren(h("tr", { class: "away", "aria-hidden": "true" }, cell));
    }
  }
}

function widths(columns) {
  const list = columns.map((column) => h("col", { class: rank(column) }));
  list.forEach((col, place) => (col.style.width = columns[place].width ?? "auto"));
  return h("colgroup", null, ...list);
}

function head(columns, sort) {
  return h("thead", null, h("tr", null, ...columns.map((column) => heading(column, sort))));
}

function heading(column, sort) {
  const attributes = { scope: "col", class: classes(column) };
  if (!column.sort || sort === null) return h("th", attributes, column.label);
  const order = sort === column.sort ? "ascending" : sort === `-${column.sort}` ? "descending" : null;
  // Numbers and dates are first wanted from the largest.
  const other =
    order === "descending" || (order === null && !column.number) ? column.sort : `-${column.sort}`;
  return h(
    "th",
    { ...attributes, "aria-sort": order },
    h("a", { href: changed({ sort: other }), class: "sort" }, column.label),
  );
}

function pageOf(columns, rows) {
  return h(
    "tbody",
    null,
    ...rows.map((row) => h("tr", null, ...columns.map((column, place) => cell(column, row, place)))),
  );
}

function cell(column, row, place) {
  const attributes = { class: classes(column) };
  return place
    ? h("td", attributes, column.cell(row))
    : h("th", { ...attributes, scope: "row" }, column.cell(row));
}

const rank = ({ rank: given = 1 }) => `rank-${given}`;
const classes = (column) => `${rank(column)}${column.number ? " is-number" : ""}`;
