"""What is the same for a post of every format: lines, language, guards, the finished document."""
