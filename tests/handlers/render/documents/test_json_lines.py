import json

import pytest

from handlers.render.documents import json_lines
from storage.document import Block, Document, Source
from storage.errors import DocumentError

POST = Document(
    kind="post",
    doc_id="tg:1700000001/7",
    source=Source(type="telethon"),
    title="Строка с «кавычками»\u2028и разделителем",
    body=(Block(type="para", text="Second"),),
    content_hash="0123456789abcdef",
)


def test_line_comes_back_as_the_same_document() -> None:
    line = json_lines.dump(POST)
    assert "\n" not in line
    assert "«кавычками»" in line
    assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":"))
    assert list(json_lines.load([line, "", "  \n"], where="x")) == [POST]


def test_extra_fields_follow_the_document() -> None:
    assert list(json.loads(json_lines.dump(POST, snippet="s")))[-1] == "snippet"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "is not JSON"),
        ("[1]", "a document is a JSON object"),
        ("{}", "schema"),
        ("[" * 100_000, "is not JSON"),
        (json.dumps({"schema": "dateline/1", "kind": "post"}), "is missing"),
        (json_lines.dump(POST, nonsense=1), "nonsense"),
        (json_lines.dump(POST).replace('"post"', '"poem"'), "kind"),
        (json_lines.dump(POST).replace('"Second"', "7"), "body.0.text"),
    ],
)
def test_bad_line_is_named(line: str, complaint: str) -> None:
    good = json_lines.dump(POST)
    with pytest.raises(DocumentError) as caught:
        list(json_lines.load([good, line], where="posts.jsonl"))
    assert str(caught.value).startswith("posts.jsonl, line 2: ")
    assert complaint in str(caught.value)
