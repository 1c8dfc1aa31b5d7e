"""The user guide, technical terms, shortcuts and diagnostics."""
