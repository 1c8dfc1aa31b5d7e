"""How latent units and known factors of the data hang together."""
