"""The table of commands as a page of the documentation: ``python -m handlers.reference``."""

import sys

from handlers.registry import COMMANDS
from handlers.texts.languages import words_of
from handlers.texts.words import Words

WHO = {
    "anyone": "anyone",
    "manager": "in a group its administrators",
    "operator": "the operator (`ADMINS`)",
}


def reference(words: Words) -> str:
    """The commands as a Markdown page."""
    lines = [
        "# Commands of the bot",
        "",
        "Made from `handlers/registry.py` by `python -m handlers.reference > docs/commands.md`.",
        "",
        "| command | what it does | examples | who |",
        "| --- | --- | --- | --- |",
    ]
    for command in COMMANDS:
        examples = "<br>".join(f"`{example}`" for example in command.usage(words))
        row = (f"`/{command.name}`", command.summary(words), examples, WHO[command.who])
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference(words_of("en")))
