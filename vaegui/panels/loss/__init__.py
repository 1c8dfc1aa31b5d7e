"""The terms of the loss over the steps."""
