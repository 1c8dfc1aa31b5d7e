"""Examples that are made when they are needed, of which all is known."""
