"""Stories (posts that say the same), events (stories of one happening), and what readers were sent
of them."""
