"""The pages beside the workbench of docks: Welcome, Explain, and the tour over all of them."""
