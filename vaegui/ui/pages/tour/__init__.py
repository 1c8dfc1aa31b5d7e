"""The guided tour: short steps through the real window, each with one thing to do."""
