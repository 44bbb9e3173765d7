"""Documents, alerts, answers and digests, written for people. Pure."""
