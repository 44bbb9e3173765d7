"""Feeds of posts, as Atom and JSON Feed, and the pages that they lead to. Pure."""
