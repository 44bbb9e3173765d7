import pytest

from bot.commands.checking.findings import Finding, counted, warning


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (Finding(where="limits", what="in 3 channels"), "limits: in 3 channels"),
        (Finding(where="limits", what="full", hint="leave some"), "limits: full; leave some"),
        (warning("PROXY", "no answer"), "PROXY: warning: no answer"),
        (warning("PROXY", "no answer", "name others"), "PROXY: warning: no answer; name others"),
    ],
)
def test_a_finding_is_one_line(finding: Finding, line: str) -> None:
    assert str(finding) == line


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no sessions"), (1, "1 session"), (3, "3 sessions")]
)
def test_things_are_counted_in_words(count: int, said: str) -> None:
    assert counted(count, "session") == said
