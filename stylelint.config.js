// What script/check asks of stylesheets. A rule of one line stays on one line: a file reads as a table.
export default {
  extends: "stylelint-config-standard",
  ignoreFiles: ["static/vendor/**"],
  rules: {
    "declaration-block-single-line-max-declarations": null,
    "media-feature-range-notation": "prefix", // older phones know no other
    "no-descending-specificity": null, // parts follow each other; the layers keep their order
    "property-no-vendor-prefix": [true, { ignoreProperties: ["-webkit-text-size-adjust"] }], // iOS
    "property-no-unknown": [true, { ignoreProperties: ["scroll-initial-target"] }], // without script
    "selector-class-pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", // is-not_passed: the mark's own word
    "value-keyword-case": ["lower", { ignoreProperties: ["/^--/"] }], // names of typefaces
    "rule-empty-line-before": null,
    "custom-property-empty-line-before": null,
  },
};
