"""The model on a device: built, applied to arrays, its numbers by name, copies of them."""
