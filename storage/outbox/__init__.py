"""The outbox: every message that is to go out, once each, whatever crashes in between."""
