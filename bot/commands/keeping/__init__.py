"""What keeps the data: backups made and put back, and looking whether a database is in order."""
