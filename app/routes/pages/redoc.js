// Starts ReDoc.
import { drawOpenapi } from "./openapi.js";

// ReDoc calculates with its colours, so it takes literal values and no CSS variables. It also
// writes white on primary and warning, and primary on white, hence their middling tones.
const darkTheme = {
  colors: {
    primary: { main: "#4285f0" },
    success: { main: "#6cc58a" },
    warning: { main: "#a06c10" },
    error: { main: "#f08a80" },
    text: { primary: "#e4e8ee", secondary: "#a3adbb" },
    border: { dark: "#4a5566", light: "#333c4a" },
    gray: { 50: "#1d232d", 100: "#262e3a" },
    responses: {
      success: { color: "#8fd6a7", backgroundColor: "#1b2b23", tabTextColor: "#8fd6a7" },
      error: { color: "#f2a39b", backgroundColor: "#33211f", tabTextColor: "#f2a39b" },
      redirect: { color: "#e8c987", backgroundColor: "#302a1c", tabTextColor: "#e8c987" },
      info: { color: "#9cc4ff", backgroundColor: "#1c2839", tabTextColor: "#9cc4ff" },
    },
  },
  schema: {
    linesColor: "#4a5566",
    nestedBackground: "#1d232d",
    typeNameColor: "#a3adbb",
    typeTitleColor: "#a3adbb",
    requireLabelColor: "#f08a80",
  },
  typography: {
    code: { color: "#f2a39b", backgroundColor: "#262e3a" },
    links: { color: "#8ab4f8", visited: "#8ab4f8", hover: "#b8d2fb" },
  },
  sidebar: { backgroundColor: "#1a1f28", textColor: "#e4e8ee", activeTextColor: "#8ab4f8" },
  rightPanel: {
    backgroundColor: "#0e1116",
    servers: {
      overlay: { backgroundColor: "#262e3a", textColor: "#e4e8ee" },
      url: { backgroundColor: "#14181f" },
    },
  },
  codeBlock: { backgroundColor: "#171c24" },
  fab: { backgroundColor: "#262e3a", color: "#8ab4f8" },
};
const lightTheme = { colors: { primary: { main: "#1d4ed8" } } };
const dark = window.matchMedia("(prefers-color-scheme: dark)");

const fonts = {
  fontFamily: "system-ui, sans-serif",
  headings: { fontFamily: "system-ui, sans-serif" },
};
const chosen = dark.matches ? darkTheme : lightTheme;

drawOpenapi((spec, place) =>
  Redoc.init(
    spec,
    {
      // The search runs in a worker made from a blob:, which this page's policy doesn't allow.
      disableSearch: true,
      expandResponses: "200",
      hideDownloadButtons: true,
      nativeScrollbars: true,
      sanitize: true,
      theme: { ...chosen, typography: { ...fonts, ...chosen.typography } },
    },
    place,
  ),
);
