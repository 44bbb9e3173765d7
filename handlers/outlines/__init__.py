"""A period in outline: its posts as stories, and how much each weighs. Pure."""
