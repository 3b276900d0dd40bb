"use strict";
// Addresses are relative to the page, and those of the operations to the schema (its `servers`): any prefix will do.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null, // or a service elsewhere could be asked what it thinks of the schema
});
