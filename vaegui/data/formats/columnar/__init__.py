"""Tables in files of columns (Parquet, Arrow): what is checked before they are read, and how."""
