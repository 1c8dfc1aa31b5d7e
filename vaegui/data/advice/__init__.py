"""What settings suit some data, and why."""
