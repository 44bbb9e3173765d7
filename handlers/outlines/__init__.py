"""The outline of a period: its posts as stories, with the weight of each. Pure."""
