"""The model file: what is in it, how it is written and read, and how older formats differ."""
