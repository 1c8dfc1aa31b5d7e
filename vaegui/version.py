"""The version of the program, for files, logs and the command line."""

__all__ = ["__version__"]

__version__ = "0.1.0"
