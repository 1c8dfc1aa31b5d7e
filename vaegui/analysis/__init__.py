"""Pure functions of arrays: statistics of posteriors, long series made short."""
