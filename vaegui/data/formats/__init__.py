"""One file for each kind of file or folder that examples can be read from, after ``base.py``."""
