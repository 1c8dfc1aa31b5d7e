"""Archives, and arrays in them."""
