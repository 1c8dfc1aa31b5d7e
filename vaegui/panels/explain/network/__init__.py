"""The network as a diagram with the numbers of one input."""
