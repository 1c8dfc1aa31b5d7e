"""The page "Explain": which explanations there are, and the open one with its controls."""
