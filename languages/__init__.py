"""What people read and type, in every language: one catalogue a language, ``ru.po`` and so on.

English stands in the code, where it is said; see docs/texts.md for how a text or a language is
added.
"""
