"""Keras models that other programs saved: read as data, rebuilt from allow-listed layers.

Nothing that such a file names is looked up or called. Its JSON is read within bounds, layers that
are known become descriptions (`vaegui.core.layers`), and the program builds those itself.
"""
