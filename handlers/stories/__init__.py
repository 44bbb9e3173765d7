"""Stories: which posts say the same."""
