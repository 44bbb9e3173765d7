"""How often something comes at each hour of the week, and what is unusual by that. Pure."""
