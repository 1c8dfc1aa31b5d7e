"""What the outputs mean: mean, spread, likelihood and scale, proposed and then chosen."""
