"""Which versions of a written document get entries in the chain, and of which kind. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from storage.chain import versions
from storage.chain.entries import Kind, NewEntry
from storage.document import Document
from storage.documents import redactions
from storage.structs import replace


class Written(Protocol):
    """A document that was written. ``stored``: what its row held, None for a new one; ``replaced``:
    the versions that edits replaced on the way to ``document``; ``version``: the hash of
    ``document``."""

    row_id: int
    stored: Document | None
    replaced: list[Document]
    version: bytes

    @property
    def document(self) -> Document: ...


def links(written: Written, because: Kind | None = None) -> Iterator[NewEntry]:
    """The entries of the versions that are new to the chain, oldest first.

    ``because``: their kind, if it does not follow from the change.
    """
    last = written.document
    for kind, version in new_versions(written.stored, written.replaced, last):
        digest = written.version if version is last else None
        yield link(version, because or kind, written.row_id, digest)


def link(version: Document, kind: Kind, document_id: int, digest: bytes | None = None) -> NewEntry:
    """The entry of a version. ``document_id``: the row id; ``digest``: its hash, if known."""
    return NewEntry(
        kind=kind,
        doc_id=version.doc_id,
        version=digest or versions.digest(versions.canonical(version)),
        document_id=document_id,
    )


def new_versions(
    stored: Document | None, replaced: Sequence[Document], document: Document
) -> Iterator[tuple[Kind, Document]]:
    """The versions that differ from the one before, with the kind of each.

    Changed counters (views, for instance) make no version.
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
    """The document without what makes no version."""
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
