"""One input passed through the network again and again: what its draws have in common."""
