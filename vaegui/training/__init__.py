"""Settings, the compiled engine, the trainer and what it tells."""
