"""A file as a document of what its model is: Keras 2 and 3, archives, HDF5 and JSON alike."""
