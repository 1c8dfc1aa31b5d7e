"""Arrays and archives of strangers, read so that no file can do more than be refused."""
