"""The one door: every post is stored here, with what follows from it. Imports no other room."""
