"""One trainer, its queries and its autosave, in the thread that owns TensorFlow. No Qt."""
