"""A post's text taken out of everything that holds it; that there was a post, stays."""
