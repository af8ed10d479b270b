// Starts Swagger UI.
import { drawOpenapi } from "./openapi.js";

// Swagger UI has a dark theme but leaves the choice to a button that this layout lacks.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const page = document.documentElement;
const followColorScheme = () => page.classList.toggle("dark-mode", dark.matches);
followColorScheme();
dark.addEventListener("change", followColorScheme);

drawOpenapi((spec, domNode) =>
  SwaggerUIBundle({
    spec,
    domNode,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    supportedSubmitMethods: ["get", "head"],
    tryItOutEnabled: true,
    // The default would send the document to a validator on the internet.
    validatorUrl: null,
  }),
);
