"""A run as a stand-alone Keras script: what a good engineer would have written by hand.

`document.script` fills in the Jinja templates in ``templates/``; each has a part of the script,
with a case for each choice of the settings.
"""
