"""What every command stands on: who asks, what they may, and how they are answered."""
