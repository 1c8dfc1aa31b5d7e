"""The window: everything that knows Qt. No TensorFlow."""
