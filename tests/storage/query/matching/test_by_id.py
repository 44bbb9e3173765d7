from hypothesis import given
from hypothesis import strategies as st

from storage.query.matching.by_id import ById

IDS = st.integers(0, 70) | st.integers(0, 2**62)
STEPS = st.lists(st.tuples(IDS, st.none() | st.text(max_size=2)))


@given(STEPS)
def test_it_holds_what_a_dictionary_would(steps: list[tuple[int, str | None]]) -> None:
    held: dict[int, str] = {}
    things: ById[str] = ById()
    for id, thing in steps:
        if thing is None:
            assert things.pop(id) == held.pop(id, None)
        else:
            held[id] = things[id] = thing
        assert len(things) == len(held)
    assert sorted(things.values()) == sorted(held.values())
    assert {id: things[id] for id in held} == held
    for id in held:
        things.pop(id)
    assert not vars(things)["_blocks"]
