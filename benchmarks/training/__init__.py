"""Steps and whole runs, against other tools, and what comes of them."""
