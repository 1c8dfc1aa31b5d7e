"""A map of the latent space: its axes and units, and dots on it."""
