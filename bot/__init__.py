"""The running process: the only place that talks to networks and reads the environment."""
