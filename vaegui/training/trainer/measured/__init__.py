"""What is measured of a model over many examples."""
