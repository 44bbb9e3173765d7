"""``python -m storage.languages.update [LANGUAGE…]``: bring the catalogues up to date with the
code.

A language that has no catalogue yet gets one. Prints, a line a language, how much is to be
translated and to be looked at again.
"""

import sys

from storage.languages import catalogue, template


def main(languages: list[str]) -> None:
    """Write the catalogues of these languages, or of all that there are."""
    amiss = [one for one in languages if not template.is_language(one)]
    if amiss:
        sys.exit(
            f"storage.languages.update: {amiss[0]} is no language; write two letters, such as de"
        )
    placed = template.find_entries()
    for language in languages or catalogue.spoken()[1:]:
        path = catalogue.FOLDER / f"{language}.po"
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        old = template.read(known) if known else template.new_catalog(language)
        new = template.brought_up_to_date(old, placed)
        path.write_text(template.dump(new), encoding="utf-8")
        empty = sum(not all(catalogue.strings(message)) for message in new if message.id)
        fuzzy = sum(message.fuzzy for message in new if message.id)
        sys.stdout.write(f"{path.name}: {empty} to translate, {fuzzy} to look at again\n")


if __name__ == "__main__":
    main(sys.argv[1:])
