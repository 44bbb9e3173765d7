"""Alerts: saved queries, how they are told, and the buttons below what they tell."""
