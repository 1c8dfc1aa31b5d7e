"""The program as it is used: how soon it answers, how much the window costs the training."""
