"""What queries compute with: copies of models, encoding piece by piece. It imports TensorFlow."""
