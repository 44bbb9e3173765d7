"""What of a document that is written goes into the chain, and as what. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from storage.chain import versions
from storage.chain.entries import Kind, NewEntry
from storage.document import Document
from storage.documents import redactions
from storage.structs import replace


class Written(Protocol):
    """A document that was written. ``stored`` is what its row held, None for a new one;
    ``replaced`` are those that edits replaced on the way to ``document``, whose hash ``version``
    is."""

    row_id: int
    stored: Document | None
    replaced: list[Document]
    version: bytes

    @property
    def document(self) -> Document: ...


def links(written: Written, because: Kind | None = None) -> Iterator[NewEntry]:
    """The entries of the versions that are new to the chain, oldest first.

    ``because``: what they are called, where that is not plain.
    """
    last = written.document
    for kind, version in new_versions(written.stored, written.replaced, last):
        digest = written.version if version is last else None
        yield link(version, because or kind, written.row_id, digest)


def link(version: Document, kind: Kind, document_id: int, digest: bytes | None = None) -> NewEntry:
    """A version's entry; ``document_id`` is the row, ``digest`` its hash where that is known."""
    return NewEntry(
        kind=kind,
        doc_id=version.doc_id,
        version=digest or versions.digest(versions.canonical(version)),
        document_id=document_id,
    )


def new_versions(
    stored: Document | None, replaced: Sequence[Document], document: Document
) -> Iterator[tuple[Kind, Document]]:
    """The versions that differ from the one before, and what each is called.

    What counts by itself (views) makes no version.
    """
    if stored is None and not replaced:
        yield _kind(None, document, edited=False), document
        return
    before = None if stored is None else _told(stored)
    for edits, version in enumerate((*replaced, document)):
        told = _told(version)
        if told != before:
            yield _kind(before, told, edited=edits > 0), version
        before = told


def _told(document: Document) -> Document:
    """What of a document makes a version."""
    if document.views is document.forwards is document.reactions is None:
        return document
    return replace(document, views=None, forwards=None, reactions=None)


def _kind(before: Document | None, now: Document, *, edited: bool) -> Kind:
    if redactions.is_redacted(now):
        return "redacted"
    if before is None:
        return "stored"
    if (before.deleted_at is None) != (now.deleted_at is None):
        return "restored" if now.deleted_at is None else "deleted"
    return "edited" if edited else "changed"
