"""What the command line does besides ``run`` and ``demo``, one module a command."""
