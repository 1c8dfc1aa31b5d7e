"""What is done to examples of one's own between the file and the model: the recipe."""
