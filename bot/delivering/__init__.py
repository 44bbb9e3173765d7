"""The outbox goes out: what is due is rendered, sent at the pace, and its outcome written down."""
