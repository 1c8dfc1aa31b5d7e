"""Explanations: panels that take the open model apart for the picked input."""
