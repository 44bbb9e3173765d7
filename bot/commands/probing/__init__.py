"""Facts about Telegram that the service rests on, seen with the operator's own accounts."""
