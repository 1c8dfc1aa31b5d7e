"""A document as one flat list of layers that are known, and what leads from one to another."""
