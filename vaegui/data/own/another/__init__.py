"""Another file read by the recipe of a model."""
