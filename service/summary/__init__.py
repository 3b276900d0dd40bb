"""Summaries made of the article's own sentences, with their checked figures marked."""
