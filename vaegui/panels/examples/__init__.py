"""Inputs and their reconstructions."""
