"""Explanations of what an input's own Gaussian is."""
