"""Model files and reports: what a run leaves on the disk."""
