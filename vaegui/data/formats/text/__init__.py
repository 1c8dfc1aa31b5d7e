"""Tables in text files: what a file's beginning says of its layout, and how all of it is read."""
