"""Everything that can be asked of the worker: a class for each, with what it does.

A new one is a frozen dataclass with ``kind`` and ``run``, and a method of `Worker` that
asks for it.
"""
