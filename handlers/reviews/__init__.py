"""A week looked back upon: what rose and fell, what was repeated, changed, deleted. Pure."""
