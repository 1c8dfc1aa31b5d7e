"""A seeded monkey that plays with the real program: ``python -m tests.reliability.monkey``."""
