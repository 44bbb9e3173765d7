"""Plans: what a chat gets by the clock, made, changed and told when it is due."""
