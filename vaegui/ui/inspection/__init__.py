"""Docks beside the panels: the timeline, which puts all of them to an earlier step."""
