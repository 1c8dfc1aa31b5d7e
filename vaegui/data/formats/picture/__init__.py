"""Which pictures there are, what they are like, and what they are labelled as."""
