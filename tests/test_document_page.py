"""The page about the document names each of its fields, and its example is one."""

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "document.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "storage" / "document.schema.json").read_text(encoding="utf-8"))


def test_each_field_of_the_schema_is_told_once_and_no_other() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(SCHEMA["properties"])


def test_the_values_that_are_named_are_those_of_the_schema() -> None:
    for field in ("kind", "published_precision"):
        (row,) = re.findall(rf"^\| `{field}` \| (.*) \|$", PAGE, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", row)) == set(SCHEMA["properties"][field]["enum"])


def test_the_example_is_a_document() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    Draft202012Validator(SCHEMA).validate(json.loads(text))
