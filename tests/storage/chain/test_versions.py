"""The canonical form: written down here byte for byte, so that no change of ours moves it."""

import json
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storage.chain import versions
from storage.document import Document, Media
from storage.document_json import dump

MakeDocument = Callable[..., Document]

FORM = (
    '{"body":[{"gap":1,"text":"Второй \\"абзац\\" \\\\ \\u0001 \u2028 🚢","type":"para"}],'
    '"channel":{"id":77,"title":"Harbour News","username":"harbour"},'
    '"content_hash":"90d56d5b9e1d7cd9","doc_id":"tg:77/1","elisions":0,"flags":[],"kind":"post",'
    '"media":[{"duration":1.5,"state":"present","type":"video"}],"message_id":1,'
    '"published_at":"2024-05-01T11:59:00Z","published_basis":"api",'
    '"published_precision":"second","schema":"dateline/1","source":{"type":"telethon"},'
    '"title":"Порт"}'
)


def test_the_form_is_this_to_the_byte(make_document: MakeDocument) -> None:
    text = 'Порт\nВторой "абзац" \\ \x01 \u2028 🚢'
    document = make_document(text, media=(Media(type="video", duration=1.5),), views=7)
    document = replace(document, content_hash="90d56d5b9e1d7cd9")
    assert versions.canonical(document).decode() == FORM


def test_what_counts_by_itself_is_left_out(make_document: MakeDocument) -> None:
    plain = make_document()
    counted = replace(plain, views=9, forwards=2, reactions=1)
    assert versions.canonical(counted) == versions.canonical(plain)


@given(text=st.text(max_size=30))
def test_a_row_has_the_form_of_its_document(make_document: MakeDocument, text: str) -> None:
    document = make_document(f"Head\n{text}")
    form = versions.canonical(document)
    assert versions.canonical_of(dump(document)) == form
    backwards = json.loads(form)
    assert versions.canonical_of(json.dumps(dict(reversed(backwards.items())))) == form
