// Tables of rows. Their elements name the roles that they have anyway, which some browsers forget where a
// style sheet makes grids of rows.

import { changed } from "./address.js";
import { h } from "./dom.js";

/**
 * A column: its heading and cell, by what it sorts, whether it holds numbers, and how much room its table
 * needs to show it: 1 is always shown, tables.css has the widths of the others. A wide column is a line
 * below the others where it isn't shown beside them.
 * @typedef {{label: string, cell: (row: object) => (Node | string | null), sort?: string, number?: boolean,
 *   rank?: number, width?: string, wide?: boolean}} Column
 */

/** Build a table of some rows.
 * @param {Column[]} columns */
export function plainTable(caption, columns, rows, options = {}) {
  const table = tableWithoutRows(caption, columns);
  table.append(rowGroup(columns, rows, options));
  return table;
}

/** Build a table whose rows are still to come; with an order, its headings sort it.
 * @param {Column[]} columns */
export function tableWithoutRows(caption, columns, sort = null) {
  return h(
    "table",
    { class: "rows", role: "table" },
    h("caption", { class: "unseen" }, caption),
    widths(columns),
    head(columns, sort),
  );
}

function widths(columns) {
  const list = columns.map((column) => h("col", { class: rank(column) }));
  list.forEach((col, place) => (col.style.width = columns[place].width ?? "auto"));
  return h("colgroup", null, ...list);
}

function head(columns, sort) {
  return h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...columns.map((column) => heading(column, sort))));
}

function heading(column, sort) {
  const attributes = { scope: "col", role: "columnheader", class: classes(column) };
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

/** Build a group of rows, of which `dim` tells those that matter less.
 * @param {Column[]} columns */
export function rowGroup(columns, rows, { dim = () => false } = {}) {
  const attributes = (row) => ({ role: "row", class: dim(row) ? "dim" : null });
  return h(
    "tbody",
    { role: "rowgroup" },
    ...rows.map((row) => h("tr", attributes(row), ...columns.map((column, place) => cell(column, row, place)))),
  );
}

function cell(column, row, place) {
  const attributes = { class: classes(column) };
  return place
    ? h("td", { ...attributes, role: "cell" }, column.cell(row))
    : h("th", { ...attributes, role: "rowheader", scope: "row" }, column.cell(row));
}

const rank = ({ rank: given = 1 }) => `rank-${given}`;
const classes = (column) =>
  [rank(column), column.number ? "is-number" : null, column.wide ? "is-wide" : null].filter(Boolean).join(" ");
