"""Examples that are equal, or nearly."""
