"""What may be wrong with examples of one's own: a file for each kind of problem."""
