"""English words without their inflection."""

import pytest

from storage.query.words import english

STEMS = """
class classes/cri cries cried/tie ties tied/die dies died/bus bus/run runs/agre agree agrees
feed feed/hop hop hopping hopped/hope hope hopes hoping hoped/make make making
plan plan planned/plane planed/fall fall falling/control controls controlling controlled
roll rolled/size sizing/creat created create/troubl troubled/visit visited/happi happy
citi city cities/boy boy boys/say say says/by by/the the/hate hate hating hated/add added
egg egged/box boxing boxed/fix fixed/kiss kissed/buzz buzzing/fit fitted/age aged
bubbl bubbles/analys analyses/larg large/larger larger/eas ease/rate rate/believ believe
red red/bed bed/rub rubbed/beg begged/stun stunned/map mapped/stir stirred/swim swimming/go go
is is/gas gas/pass pass/has has/virus virus/ski sky skies
"""
KEPT = """
news species series canvas christmas gas bias atlas chaos cosmos lens mars texas paris during
evening morning wedding inning outing canning herring earring ceiling darling sibling viking
anything everything nothing something king ring sing wing bring spring string hundred sacred
embed shed sled unite always perhaps besides afterwards politics economics ethics physics
mathematics
"""


@pytest.mark.parametrize("row", STEMS.strip().replace("\n", "/").split("/"))
def test_the_forms_of_a_word_have_one_stem(row: str) -> None:
    stem, *forms = row.split()
    assert {english.stem(form) for form in forms} == {stem}


@pytest.mark.parametrize("word", KEPT.split())
def test_what_only_looks_inflected_is_kept(word: str) -> None:
    assert english.stem(word) == word


@pytest.mark.parametrize(("form", "stem"), [("weddings", "wedding"), ("kings", "king"),
                                            ("unites", "unite"), ("united", "unit")])  # fmt: skip
def test_the_plural_of_a_kept_word_is_kept(form: str, stem: str) -> None:
    assert english.stem(form) == stem


def test_an_irregular_form_is_of_its_word_and_perhaps_itself() -> None:
    assert english.readings("went") == ("go",)
    assert english.readings("saw") == ("saw", "see")
    assert english.readings("ports") == ("port",)
    assert "saw" in english.list_forms("see")
    assert english.list_forms("port") == ("port",)


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        ("trains", ("trains", "train")),
        ("training", ("training", "trainings")),
        ("dice", ("dice",)),
        ("port", ()),
        ("marketing", ("marketing",)),
        ("warnings", ("warnings", "warning")),
        ("evening", ()),
        ("king", ()),
    ],
)
def test_forms_with_another_meaning_stand_apart(form: str, meant: tuple[str, ...]) -> None:
    assert english.list_meant(form) == meant


def test_forms_that_mean_the_same_are_of_one_word() -> None:
    rows = {english.list_meant(form) for form in english._meanings()}
    assert not [row for row in rows if not _share_a_word(row)]


def _share_a_word(row: tuple[str, ...]) -> bool:
    return bool(set[str].intersection(*(set(english.readings(form)) for form in row)))
