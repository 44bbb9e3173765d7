"""What is the same for posts of every format: lines, language, guards, finishing the document."""
