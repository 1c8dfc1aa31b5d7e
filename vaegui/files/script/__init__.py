"""A run as a stand-alone Keras script: what a good engineer would have written by hand.

`document.script` puts it together from the parts in the other files; each turns some of the
settings into source text.
"""
