"""Records that are made quickly are what their dataclasses say."""

import copy
import dataclasses
import pickle

import pytest

from storage.document import Block, Document, Source, Span
from storage.record_json import quickly_made


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    name: str
    number: int | None = 7
    parts: tuple[str, ...] = dataclasses.field(default_factory=tuple)


@quickly_made
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    name: str
    number: int | None = 7
    parts: tuple[str, ...] = dataclasses.field(default_factory=tuple)


@pytest.mark.parametrize(
    "fields",
    [{"name": "a"}, {"name": "a", "number": None}, {"name": "b", "parts": ("c",), "number": 1}],
)
def test_quick_records_hold_what_plain_ones_do(fields):
    quick = Quick(**fields)

    assert type(quick) is Quick
    assert dataclasses.asdict(quick) == dataclasses.asdict(Plain(**fields))
    assert repr(quick) == repr(Plain(**fields)).replace("Plain", "Quick")
    assert quick == Quick(**fields)
    assert hash(quick) == hash(Quick(**fields))


class Base:
    __slots__ = ()

    @property
    def doubled(self):
        return self.change * 2


@quickly_made
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Named(Base):
    cls: str = "c"
    change: str | None = "d"
    open: int = 3


def test_any_name_may_be_a_fields_and_a_base_is_kept():
    record = Named(change="e")

    assert dataclasses.astuple(record) == ("c", "e", 3)
    assert (record.doubled, isinstance(record, Base)) == ("ee", True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.change = None


@pytest.mark.parametrize("wrong", [{}, {"name": "a", "nombre": 1}])
def test_fields_that_lack_or_that_none_knows_are_refused(wrong):
    with pytest.raises(TypeError):
        Plain(**wrong)
    with pytest.raises(TypeError):
        Quick(**wrong)


def test_fields_are_given_by_name_alone():
    with pytest.raises(TypeError):
        Quick("a")


@pytest.mark.parametrize("record", [Quick(name="a"), Span(kind="bold", start=0, end=1)])
def test_what_is_made_is_frozen(record):
    field = dataclasses.fields(record)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, field, "else")
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(record, field)


def test_copies_and_replacements_are_records_too():
    block = Block(type="para", text="First line", gap=1)
    document = Document(
        kind="post", doc_id="tg:1/2", source=Source(type="text"), body=(block,), content_hash="0"
    )

    for made in (
        copy.copy(document),
        copy.deepcopy(document),
        pickle.loads(pickle.dumps(document)),  # noqa: S301
    ):
        assert type(made) is Document
        assert made == document
    changed = dataclasses.replace(document, title="Another")
    assert (changed.title, changed.body) == ("Another", (block,))
