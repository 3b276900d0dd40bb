"""Engines, the guard around them, and the models they run."""
