"""Arrays that lie in files: read as they are needed, or decoded once."""
