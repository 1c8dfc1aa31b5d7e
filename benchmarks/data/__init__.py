"""Data of one's own: files that are read, arrays larger than the memory."""
