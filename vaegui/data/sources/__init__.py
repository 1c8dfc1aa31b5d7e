"""One file for each place that examples come from.

``array`` and ``selected`` are sources that others are made of; every other file has a choice of
data for the settings, or what several of them share.
"""
