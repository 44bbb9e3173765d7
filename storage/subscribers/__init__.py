"""Subscribers and what they set up: alerts, plans, mutes, links, questions."""
