"""What people read and type, in every language: one catalogue a language, ``ru.po`` and so on.

English stands in the code, where it is said. How a text or a language is added: docs/texts.md.
"""
