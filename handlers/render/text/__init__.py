"""Text as Telegram has it: characters with spans, names, dates, messages, buttons."""
