// What script/check asks of JavaScript: pages' own modules, and their tests.
import js from "@eslint/js";
import globals from "globals";

const rules = {
  "eqeqeq": "error",
  "no-var": "error",
  "prefer-const": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }],
  "max-lines": ["error", 300],
  "max-lines-per-function": ["error", 40],
};

export default [
  { ignores: ["static/vendor/", "docs/", ".venv/"] },
  js.configs.recommended,
  { rules, linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: ["static/js/**"], languageOptions: { globals: globals.browser } },
  { files: ["tests/js/**", "*.config.js"], languageOptions: { globals: globals.node } },
];
