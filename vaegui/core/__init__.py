"""The VAE's mathematics on Keras."""
