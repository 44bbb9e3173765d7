"""A loopback Telegram: an MTProto server for ``dateline demo`` and for tests."""
