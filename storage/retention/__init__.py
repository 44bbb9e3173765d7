"""How long things are kept, and how they are forgotten in small steps beside everything else."""
