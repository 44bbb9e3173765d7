"""Subscribers and what they keep: alerts, plans, mutes, links, questions."""
