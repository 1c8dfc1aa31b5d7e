"""Commands on the latent space of a saved model: into it, out of it, and through it."""
