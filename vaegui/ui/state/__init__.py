"""What the window knows, and what it remembers from one start to the next."""
