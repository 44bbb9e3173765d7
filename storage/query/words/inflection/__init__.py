"""The inflected forms that a word has in languages of which there is no dictionary here."""
