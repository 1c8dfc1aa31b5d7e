"""The latent space: every example's own Gaussian."""
