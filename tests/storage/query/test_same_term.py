"""The forms of one term."""

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage.query import same_term
from storage.query.words import english, forms

ENDINGS = (
    "", "s", "es", "ed", "ing", "ings", "eds", "ies", "ied", "eed", "sses", "y", "e", "ll", "lled",
    "lling", "nned", "tting", "ying", "ie", "ate", "ated", "izing", "led", "ee", "us", "ss",
)  # fmt: skip
WORDS = sorted({one for lexeme in ("find", "write", "hous", "die") for one in
                english.list_forms(lexeme)})  # fmt: skip


@pytest.mark.parametrize(
    ("term", "held", "lacked"),
    [
        ("hous", {"house", "houses", "housing", "housed"}, {"hose", "household"}),
        ("train", {"train", "trains", "training", "trainings"}, {"trainer"}),
        ("die", {"die", "died", "dies", "dying"}, {"dice"}),
        ("dice|die", {"dice"}, {"die"}),
        ("find|found", {"found"}, {"find"}),
    ],
)
def test_all_forms_of_a_term_are_known(term: str, held: set[str], lacked: set[str]) -> None:
    found = same_term.list_forms(term)
    assert found is not None
    assert held <= found
    assert not lacked & found


@pytest.mark.parametrize("term", ["сталь", "бал", "2024", "5g", "石", "naïve", ""])
def test_those_of_others_are_not(term: str) -> None:
    assert same_term.list_forms(term) is None


@examples(300)
@given(
    st.builds(
        "{}{}".format,
        st.text("abeilnsty", min_size=1, max_size=6) | st.sampled_from(WORDS),
        st.sampled_from(ENDINGS),
    )
)
def test_no_form_is_missing(form: str) -> None:
    found = same_term.list_forms(forms.normal_form(form))
    assert found is not None
    assert form in found
