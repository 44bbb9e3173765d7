"""Alerts: saved queries, their settings, and the buttons below the messages that they cause."""
