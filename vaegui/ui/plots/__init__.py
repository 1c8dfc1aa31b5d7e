"""Panels on screen: the canvas that paints a figure, its dock, and when it is painted."""
