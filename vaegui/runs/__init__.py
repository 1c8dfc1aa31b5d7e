"""What is known of runs: arrays and words gathered from their events, no model."""
