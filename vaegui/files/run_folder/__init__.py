"""A run as a folder: one program writes it while it trains, others follow it.

``writer`` fills it, ``follower`` makes events of it again; the names in it are in ``layout``, and
docs/file-format.md describes each file.
"""
