"""Tolmach: articles in, checked English and a highlighted summary out."""

__version__ = "0.1.0"
