"""What happened in a run, as values: events, history, probes."""
