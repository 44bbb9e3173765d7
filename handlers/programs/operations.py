"""The table of what programs may ask for: routes, scopes, an assistant's tools and the description
in OpenAPI all come from it."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from msgspec import Struct

from handlers.programs import reading
from handlers.programs.reading import Archive, Arguments, Members
from storage.schema import document_schema
from storage.subscribers.tokens import Scope

MOST_RESULTS = 100


class Parameter(Struct, frozen=True, kw_only=True):
    """One argument; ``schema`` is JSON Schema, with its default where it has one. What stands in
    the path must be given."""

    name: str
    place: Literal["path", "query"]
    summary: str
    schema: dict[str, Any]
    required: bool = False


class Operation(Struct, frozen=True, kw_only=True):
    """Something to be asked for: ``answer`` is the schema of what it gives."""

    name: str
    path: str
    scope: Scope
    summary: str
    parameters: tuple[Parameter, ...]
    answer: dict[str, Any]
    read: Callable[[Archive, Arguments], Awaitable[Members]]


def _post_id(summary: str) -> Parameter:
    return Parameter(
        name="id", place="path", summary=summary, required=True, schema={"type": "string"}
    )


_LIMIT = Parameter(
    name="limit",
    place="query",
    summary="How many at most.",
    schema={"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": 20},
)
_CURSOR = Parameter(
    name="cursor",
    place="query",
    summary="The `next` of the page before.",
    schema={"type": "string", "maxLength": 100},
)
_NEXT = {
    "type": ["string", "null"],
    "description": "The cursor of the next page; null on the last, and by relevance for tokens"
    " that may not see all.",
}
_FOUND = {
    "snippet": {"type": "string", "description": "Where it matches."},
    "matched": {"type": "array", "items": {"type": "string"}, "description": "What matches."},
}


def _result() -> dict[str, Any]:
    """A document, and how it was found."""
    schema = _document()
    return {**schema, "title": "Result", "properties": {**schema["properties"], **_FOUND}}


def _document() -> dict[str, Any]:
    return {name: value for name, value in document_schema().items() if name != "$schema"}


def _page(name: str, item: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    properties = {**more, name: {"type": "array", "items": item}, "next": _NEXT}
    return {"type": "object", "required": [*properties], "properties": properties}


OPERATIONS = (
    Operation(
        name="search",
        path="/api/search",
        scope="search",
        summary="Search the stored posts, in the query language of /search.",
        parameters=(
            Parameter(
                name="q",
                place="query",
                summary="The query.",
                required=True,
                schema={"type": "string"},
            ),
            _LIMIT,
            Parameter(
                name="sort",
                place="query",
                summary="The newest first, or the most relevant of the newest.",
                schema={"type": "string", "enum": ["newest", "relevance"], "default": "newest"},
            ),
            _CURSOR,
        ),
        answer=_page("results", _result(), query={"type": "string"}),
        read=reading.search,
    ),
    Operation(
        name="document",
        path="/api/documents/{id}",
        scope="documents",
        summary="One post, by its doc_id.",
        parameters=(_post_id("The post's doc_id, such as tg:1000000001/42."),),
        answer=_document(),
        read=reading.document,
    ),
    Operation(
        name="story",
        path="/api/stories/{id}",
        scope="stories",
        summary="The posts that say the same as a post, from all channels, in order of arrival.",
        parameters=(_post_id("The doc_id of any post of the story."), _LIMIT, _CURSOR),
        answer=_page("posts", _document()),
        read=reading.story,
    ),
)
