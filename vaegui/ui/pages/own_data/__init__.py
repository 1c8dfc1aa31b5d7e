"""The page on which own data are looked at and made ready, section by section."""
