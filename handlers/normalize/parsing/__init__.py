"""What every reader parses with: encodings, HTML, JSON, entities, dates, addresses."""
