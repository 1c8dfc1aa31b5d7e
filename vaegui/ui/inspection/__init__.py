"""Docks beside the panels: what puts them to another step, lists examples, moves z."""
