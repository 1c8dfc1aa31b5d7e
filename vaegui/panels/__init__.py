"""One file for each panel: a run and a selection drawn on a matplotlib Figure."""
