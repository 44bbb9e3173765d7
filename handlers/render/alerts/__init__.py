"""Alerts as messages: one post, a list, a changed post, and the answer to ``/why``."""
