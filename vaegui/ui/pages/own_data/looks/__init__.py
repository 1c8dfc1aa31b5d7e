"""What the data look like: pictures, rows, layouts and columns."""
