"""What each thing that comes in means, and what goes back."""
