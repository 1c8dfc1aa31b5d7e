"""What can be computed of posteriors in latent space: distances, densities, paths, planes."""
