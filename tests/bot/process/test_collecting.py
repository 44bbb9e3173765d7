"""How often Python looks for garbage that refers to itself."""

import gc

import pytest

from bot.process import collecting


def test_garbage_is_looked_for_as_before_afterwards() -> None:
    former = gc.get_threshold()
    with pytest.raises(KeyError), collecting.seldom():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > former[0]
        raise KeyError
    assert gc.get_threshold() == former
