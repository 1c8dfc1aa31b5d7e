"""The network of a model as nodes and edges, and where they stand on a sheet."""
