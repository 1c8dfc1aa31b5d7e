"""Points in the plane, drawn with the mouse as data."""
