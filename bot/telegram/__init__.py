"""The two Telegram accounts: clients, sessions, sign-in, rate limits, errors of calls."""
