"""The HTTP interface: schemas, negotiation, routes. No route holds logic."""
