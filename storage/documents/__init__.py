"""Documents, their revisions, their index, and searching them."""
