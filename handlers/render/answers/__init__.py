"""What commands answer: results, settings, welcome, channels, digests."""
