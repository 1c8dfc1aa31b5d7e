"""What formats of arrays have in common: names, labels, numbers that were compressed."""
