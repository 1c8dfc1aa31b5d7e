"""What this machine has: memory that is free, a display for a window. No Qt, no TensorFlow."""
