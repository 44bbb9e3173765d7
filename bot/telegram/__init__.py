"""The two accounts at Telegram: clients, sessions, sign-in, the pace, how calls fail."""
