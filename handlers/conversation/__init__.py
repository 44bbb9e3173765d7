"""What every command uses: who asks, what they may, how they are asked back and answered."""
