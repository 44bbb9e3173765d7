"""Words, and the terms that they are indexed and searched by, in all forms and spellings."""
