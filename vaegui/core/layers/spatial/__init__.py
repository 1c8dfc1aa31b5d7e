"""Layers over lengths, pictures and volumes."""
