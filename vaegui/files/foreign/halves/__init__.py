"""Which of the layers are the encoder and which the decoder, and what kind of model that is."""
