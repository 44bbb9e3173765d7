"""What there is to know: who, what was written, in which order; as records, without deeds."""
