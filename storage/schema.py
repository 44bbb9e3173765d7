"""The JSON Schema of a document, made from the records themselves.

``python -m storage.schema`` prints it; ``storage/document.schema.json`` is what it prints, for
those who validate without Python.
"""

import json
import sys
import types
import typing
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import fields

from storage.document import SCHEMA, Document

_YEAR, _MONTH, _DAY = r"\d{4}", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_ZONE = rf"(Z|[+-]{_CLOCK})"
_FULL = rf"{_YEAR}(-{_MONTH}(-{_DAY}(T{_CLOCK}(:[0-5]\d)?{_ZONE}?)?)?)?"

PARTIAL_DATE = rf"^(--{_MONTH}-{_DAY}|{_FULL})$"
HEADER_DATE = rf"^{_YEAR}(-{_MONTH}(-{_DAY})?)?$"
CONTENT_HASH = r"^[0-9a-f]{16}$"
DOC_ID = r"^(tg:(\d+|@[A-Za-z0-9_]+)/\d+|txt:[0-9a-f]{16}#[1-9]\d*)$"

# By record and field: what a field's type alone does not say.
_PATTERNS = {
    ("Document", "doc_id"): DOC_ID,
    ("Document", "published_at"): PARTIAL_DATE,
    ("Document", "edited_at"): PARTIAL_DATE,
    ("Document", "deleted_at"): PARTIAL_DATE,
    ("Document", "header_date"): HEADER_DATE,
    ("Document", "content_hash"): CONTENT_HASH,
    ("Document", "lang"): "^[a-z]{2,3}$",
    ("Source", "retrieved_at"): PARTIAL_DATE,
    ("Dateline", "date"): PARTIAL_DATE,
    ("Event", "date"): PARTIAL_DATE,
    ("Forward", "date"): PARTIAL_DATE,
    ("Block", "date"): PARTIAL_DATE,
}
_LEAST = {
    ("Span", "start"): 0,
    ("Span", "end"): 0,
    ("Furniture", "at"): 0,
    ("Document", "elisions"): 0,
    ("Document", "message_id"): 0,
    ("Channel", "id"): 1,
}
_REQUIRED = {("Document", "body"), ("Document", "flags")}  # though they have a default
_CHOICES = {("Block", "gap"): [0, 1, 2, None]}
_LINES = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}


def document_schema() -> dict[str, Any]:
    """The schema: draft 2020-12, nothing allowed that the records do not hold."""
    schema = _record(Document)
    schema["required"] = ["schema", *schema["required"]]
    schema["properties"] = {"schema": {"const": SCHEMA}, **schema["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "Fields at their default (null, [], 0, false) may be left out.",
        **schema,
    }


def text() -> str:
    """The schema as the text of its file."""
    return json.dumps(document_schema(), indent=1, ensure_ascii=False) + "\n"


def _record(cls: type[Struct]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    for spec in fields(cls):
        properties[spec.name] = _field(cls.__name__, spec.name, spec.type)
        if spec.required or (cls.__name__, spec.name) in _REQUIRED:
            required.append(spec.name)
    schema: dict[str, Any] = {"type": "object"}
    if required:
        schema["required"] = required
    return {**schema, "properties": properties, "additionalProperties": False}


def _field(record: str, name: str, annotation: Any) -> dict[str, Any]:
    place = (record, name)
    if place in _CHOICES:
        return {"enum": _CHOICES[place]}
    if place == ("Source", "lines"):
        return _LINES
    schema = _type(annotation)
    if place in _PATTERNS:
        schema["pattern"] = _PATTERNS[place]
    if place in _LEAST:
        schema["minimum"] = _LEAST[place]
    return schema


def _type(annotation: Any) -> dict[str, Any]:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _record(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (typing.Union, types.UnionType):
        return _optional(_type(next(part for part in arguments if part is not type(None))))
    if origin is tuple:
        return _tuple(arguments)
    return {"type": _SCALARS[annotation]}


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _tuple(arguments: tuple[Any, ...]) -> dict[str, Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": _type(arguments[0])}
    items = [_type(argument) for argument in arguments]
    size = len(items)
    return {"type": "array", "prefixItems": items, "minItems": size, "maxItems": size}


if __name__ == "__main__":
    sys.stdout.write(text())
