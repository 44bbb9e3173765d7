"""Commands about the chat itself: the welcome, settings, quiet hours, stopping, and being
forgotten."""
