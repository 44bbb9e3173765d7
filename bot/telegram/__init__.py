"""Telegram as two accounts speak to it: clients, sessions, sign-in, the pace, how calls fail."""
