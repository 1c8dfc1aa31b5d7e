"""Many steps as one program, and where it runs."""
