"""One file for each panel: a run and a focus drawn on a matplotlib Figure."""
