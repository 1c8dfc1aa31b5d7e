"""Columns of tables: what is found in them, what each is for, and features made of them."""
