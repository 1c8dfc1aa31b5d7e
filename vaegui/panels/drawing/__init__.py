"""What panels share: a figure's stage, axes, pictures, tables and marks."""
