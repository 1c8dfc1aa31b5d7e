"""What can be asked of a model and tried on it; how the answers are computed."""
