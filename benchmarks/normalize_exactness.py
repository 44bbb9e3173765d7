"""How exactly structured sources are read, by format and aspect.

Judged by ``normalize_sources``: second readers that share no code with the project.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from normalize_sources import ASPECTS, Wanted, fold, list_wanted

from storage.document import Document


@dataclass(slots=True)
class Table:
    """Right and all, by format and aspect."""

    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, name: str, wanted: Wanted, found: Document | None) -> dict[str, bool]:
        """Compare one post; a missing document is wrong in every aspect."""
        row = self.counts.setdefault(name, {aspect: [0, 0] for aspect in ASPECTS})
        own = compared(wanted, found)
        for aspect, is_right in own.items():
            row[aspect][0] += is_right
            row[aspect][1] += 1
        return own

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row a format: its name, and a cell an aspect."""
        for name, row in self.counts.items():
            cells = (
                f"{100 * right / whole:.1f} % of {whole}" if whole else "-"
                for right, whole in row.values()
            )
            yield (name, *cells)


def compared(wanted: Wanted, found: Document | None) -> dict[str, bool]:
    """Which aspects of a post are right."""
    if found is None:
        return dict.fromkeys(ASPECTS, False)
    forward = found.forwarded_from
    own = {
        "text": [fold(text) for text in found.texts()] == wanted.text,
        "forward": (fold(forward.name or "") if forward else None) == wanted.forward,
    }
    if wanted.time is not None:
        own["time"] = found.published_at == wanted.time
    if wanted.media is not None:
        own["media"] = len(found.media) == wanted.media
    if wanted.links is not None:
        own["links"] = [link.url for link in found.links] == wanted.links
    return own


def measure(corpus: Path, *, show: bool = False) -> Table:
    """Every structured file of the corpus; ``show`` prints the posts that differ."""
    table = Table()
    for name, wanted, document in list_wanted(corpus):
        own = table.add(name, wanted, document)
        if show and not all(own.values()):
            wrong = ", ".join(aspect for aspect, is_right in own.items() if not is_right)
            place = document and (document.source.file, document.message_id)
            print(f"   {name} {place}: {wrong}; {wanted}")
    return table
