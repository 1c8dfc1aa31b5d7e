"""What all explanations share."""
