"""What can be asked of a model: a file for each query, with its computation and its result.

`base` says what a query is. Importing these modules imports no TensorFlow; running a query does.
"""
