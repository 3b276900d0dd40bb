"""The HTTP interface: requests, replies, negotiation, routes. No route holds logic."""
