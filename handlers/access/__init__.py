"""Who is let into a private instance."""
