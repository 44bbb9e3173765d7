"""What alerts say: one post, a list, a change, how often, and why."""
