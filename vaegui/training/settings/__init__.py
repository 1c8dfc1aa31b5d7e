"""The choices of a run, declared once."""
