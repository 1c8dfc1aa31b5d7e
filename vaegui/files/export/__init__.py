"""Numbers and pictures of a model, written for other programs: tables, arrays, pictures."""
