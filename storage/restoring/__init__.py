"""What a backup must be told before it takes the place of a later database."""
