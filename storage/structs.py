"""Records (msgspec's structs): their copies, and as JSON objects and back, by their annotations.
Pure.

Fields at their default are left out, save those that a writer is told to keep; what is read is
checked against the annotations, and an error names the way to where it happened.

``TextWriter`` gives the JSON text at once, its names in ascending order: to make an object first
that ``json`` then sorts and writes takes three times as long.
"""

import dataclasses
import functools
import itertools
import json
import operator
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from storage.errors import DocumentError

if TYPE_CHECKING:  # of this one mypy knows which fields a record has
    from dataclasses import replace as replace
else:

    def replace(record: Any, /, **changes: Any) -> Any:
        """A copy of a struct or dataclass with ``changes``. Raises TypeError for a field that it
        does not have."""
        if isinstance(record, msgspec.Struct):
            return msgspec.structs.replace(record, **changes)
        return dataclasses.replace(record, **changes)


_write = json.JSONEncoder(ensure_ascii=False).encode
_SCALARS = frozenset({str, int, float, bool, type(None)})

_Plan = tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any, bool], ...]]


class RecordWriter:
    """Writes records.

    ``always``: the fields of a record to write at their default too. ``also``: the same for one
    record, by what it says.
    """

    def __init__(
        self,
        *,
        always: Mapping[type, frozenset[str]],
        also: Mapping[type, Callable[[Any], tuple[str, ...]]],
    ) -> None:
        self._always = always
        self._also = also
        self._plans: dict[type, _Plan] = {}

    def write(self, record: Any) -> dict[str, Any]:
        """A record as a JSON object."""
        cls: Any = type(record)
        read, plan = self._plans.get(cls) or self._plan(cls)
        out: dict[str, Any] = {}
        for (name, default, always), item in zip(plan, read(record), strict=True):
            if always or (item is not default and item != default):
                out[name] = item if type(item) in _SCALARS else self._item(item)
        if cls in self._also:
            for name in self._also[cls](record):
                out.setdefault(name, None)
        return out

    def _plan(self, cls: type) -> _Plan:
        """What reads all fields of a record at once; of each its name, default, and if it stays."""
        always = self._always.get(cls, frozenset())
        plan = tuple((spec.name, _default_of(spec), spec.name in always) for spec in fields(cls))
        made = self._plans[cls] = reads([name for name, _, _ in plan]), plan
        return made

    def _item(self, item: Any) -> Any:
        if type(item) in _SCALARS:
            return item
        if isinstance(item, tuple):
            return [self._item(part) for part in item]
        return self.write(item)


Writer = Callable[[Any], str]

_STAYS = object()
"""In place of the default of a field that is always written."""


class TextWriter(dict[type, Writer]):
    """Writes records as JSON text: what ``json.dumps`` makes of ``RecordWriter.write`` with the
    names sorted, no white space and characters as they are.

    ``always`` and ``also`` as there; ``never``: the fields of a record to leave out. By its type,
    it holds what writes each value.
    """

    def __init__(
        self,
        *,
        always: Mapping[type, frozenset[str]],
        also: Mapping[type, Callable[[Any], tuple[str, ...]]],
        never: Mapping[type, frozenset[str]],
    ) -> None:
        super().__init__()
        self._always = always
        self._also = also
        self._never = never
        self[str] = encode_basestring
        self[int] = int.__repr__
        self[tuple] = self._list

    def __missing__(self, cls: type) -> Writer:
        self[cls] = self._record_writer(cls) if issubclass(cls, Struct) else _write
        return self[cls]

    def _list(self, items: tuple[Any, ...]) -> str:
        return f"[{','.join([self[type(item)](item) for item in items])}]" if items else "[]"

    def _record_writer(self, cls: type) -> Writer:
        list_members = self.lister_of(cls)
        return lambda record: f"{{{','.join(list_members(record))}}}"

    def lister_of(self, cls: type) -> Callable[[Any], list[str]]:
        """What gives the members of a record of this class, each its name and its value."""
        always, never = self._always.get(cls, frozenset()), self._never.get(cls, frozenset())
        specs = {spec.name: spec for spec in fields(cls) if spec.name not in never}
        names, also = sorted(specs), self._also.get(cls)
        heads = [f'"{name}":' for name in names]
        defaults = [_STAYS if name in always else _default_of(specs[name]) for name in names]
        read = reads(names)

        def list_members(record: Any) -> list[str]:
            members = [
                head + self[type(item)](item)
                for head, default, item in zip(heads, defaults, read(record), strict=False)
                if item is not default and (default is None or default is _STAYS or item != default)
            ]
            kept = also(record) if also is not None else ()
            return sorted([*members, *_nulls(record, kept)]) if kept else members

        return list_members


def _nulls(record: Any, names: Iterable[str]) -> Iterator[str]:
    """The members of those of the names whose value is None."""
    return (f'"{name}":null' for name in names if getattr(record, name) is None)


def _default_of(spec: FieldInfo) -> Any:
    """The default of a field; NODEFAULT where it must be given."""
    return spec.default if spec.default_factory is NODEFAULT else spec.default_factory()


def reads(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads these attributes of a record at once."""
    read = operator.attrgetter(*names)
    # Of one name alone it gives the item itself.
    return read if len(names) > 1 else (lambda record: (read(record),))


Decoder = Callable[[Any], Any]


@functools.cache
def decoder(annotation: Any) -> Decoder:
    """A function ``value -> record`` for one annotation. It raises DocumentError."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _record_decoder(annotation)
    if origin is Literal:
        return _choice_decoder(frozenset(arguments))
    if origin in (typing.Union, types.UnionType):
        inner = decoder(next(part for part in arguments if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _tuple_decoder(arguments)
    return _scalar_decoder(annotation)


def _record_decoder(cls: type[Struct]) -> Decoder:
    decoders = {spec.name: decoder(spec.type) for spec in fields(cls)}
    required = {spec.name for spec in fields(cls) if spec.required}

    def decode(value: Any) -> Any:
        if type(value) is not dict and not isinstance(value, Mapping):
            raise DocumentError("an object is expected here")
        fields: dict[str, Any] = {}
        for name, item in value.items():
            decoder = decoders.get(name)
            if decoder is None:
                raise DocumentError("is no field of the schema", where=str(name))
            try:
                fields[name] = decoder(item)
            except DocumentError as error:
                raise _within(name, error) from None
        if not required <= fields.keys():
            raise DocumentError("is missing", where=min(required - fields.keys()))
        return cls(**fields)

    return decode


def _within(name: object, error: DocumentError) -> DocumentError:
    """The error with the way to where it happened."""
    where = f"{name}.{error.where}" if error.where else str(name)
    return DocumentError(error.what, where=where, hint=error.hint)


def _tuple_decoder(arguments: tuple[Any, ...]) -> Decoder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = decoder(arguments[0])

        def decode_all(value: Any) -> Any:
            if not isinstance(value, list):
                raise DocumentError("a list is expected here")
            return tuple(_decode_items(value, itertools.repeat(inner)))

        return decode_all
    inners = [decoder(argument) for argument in arguments]

    def decode_each(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(inners):
            raise DocumentError(f"a list of {len(inners)} is expected here")
        return tuple(_decode_items(value, inners))

    return decode_each


def _decode_items(items: list[Any], decoders: Iterable[Decoder]) -> Iterator[Any]:
    for index, (decoder, item) in enumerate(zip(decoders, items, strict=False)):
        try:
            yield decoder(item)
        except DocumentError as error:
            raise _within(index, error) from None


def _choice_decoder(choices: frozenset[Any]) -> Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise DocumentError(f"{value!r} is none of {', '.join(sorted(choices))}")
        return value

    return decode


def _scalar_decoder(cls: type) -> Decoder:
    wanted: tuple[type, ...] = (int, float) if cls is float else (cls,)

    def decode(value: Any) -> Any:
        if type(value) in wanted:
            return value
        raise DocumentError(f"{type(value).__name__} stands where {cls.__name__} is expected")

    return decode
