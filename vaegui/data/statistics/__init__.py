"""What passes over examples find out."""
