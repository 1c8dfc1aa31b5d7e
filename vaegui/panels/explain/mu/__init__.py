"""Explanations of how the means are computed."""
