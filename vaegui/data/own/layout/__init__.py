"""What axes and values of an array mean."""
