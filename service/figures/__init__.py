"""Finds numbers, checks them across a translation, puts them right."""
