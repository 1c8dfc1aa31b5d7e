"""Words that window and command line share: technical terms explained, lengths of time."""
