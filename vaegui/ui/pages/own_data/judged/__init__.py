"""What is wrong with the data, what suits them, and how training would go."""
