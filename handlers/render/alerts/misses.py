"""Why a post does not match a query, in words; the evaluator decides, this only phrases it."""

from collections.abc import Sequence

from handlers.render.answers.queries import as_written
from handlers.render.text.dates import Here
from handlers.render.text.headings import author_name, channel_name, origin_name, published
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.alerts.why import WhyWords
from handlers.texts.words import Words
from storage.document import Document
from storage.query.explain import Fault
from storage.query.tree import Cased, Exact, Filter, Near, Node, Not, Prefix, Query
from storage.query.tree import Words as AskedWords
from storage.query.words.alphabets import twin
from storage.structs import replace

MOST_FAULTS = 3
MOST_PARTS = 5
"""The most faults that are shown, and the most alternatives of one; the rest is "…"."""


def faults_text(
    faults: Sequence[Fault],
    query: Query,
    document: Document,
    *,
    here: Here,
    words: Words,
    said: WhyWords,
) -> RichText:
    """All that is missing, or is there and must not be, on one line."""
    lines = [_fault(one, query, document, here, words, said) for one in faults[:MOST_FAULTS]]
    return join("; ", lines) + (" …" if len(faults) > MOST_FAULTS else "")


def _fault(
    fault: Fault, query: Query, document: Document, here: Here, words: Words, said: WhyWords
) -> RichText:
    if fault.how == "dates":
        asked = _code(" ".join(query.dates), query)
        return fill(said.other_date, part=asked, name=published(document, here, words))
    if fault.how == "refused":
        return fill(said.excluded, part=_code(str(Not(fault.parts[0])), query))
    fault = replace(fault, parts=_as_asked(fault.parts))
    if len(fault.parts) == 1:
        return _missing(fault, query, document, words, said)
    names = {part.name if isinstance(part, Filter) else "" for part in fault.parts}
    parts = join(", ", [_named(part, query, said) for part in fault.parts[:MOST_PARTS]])
    parts += " …" if len(fault.parts) > MOST_PARTS else ""
    if len(names) == 1 and isinstance(fault.parts[0], Filter):
        return _filtered(fault.parts[0], parts, document, words, said)
    return fill(said.none_in, parts=parts)


def _as_asked(parts: Sequence[Node]) -> tuple[Node, ...]:
    """The alternatives without other ways to write a code that stands before: ``T-72`` asks for
    ``T 72`` too, which nobody wrote."""
    kept: list[Node] = []
    known: set[str] = set()
    for part in parts:
        if isinstance(part, AskedWords):
            ways = {"".join(part.forms), "".join(twin(form) or form for form in part.forms)}
            has_number = any(any(map(str.isdigit, way)) for way in ways)
            if has_number and not known.isdisjoint(ways):
                continue
            known |= ways
        kept.append(part)
    return tuple(kept)


def _missing(
    fault: Fault, query: Query, document: Document, words: Words, said: WhyWords
) -> RichText:
    part = fault.parts[0]
    named = _named(part, query, said)
    if fault.nearly == "attached":
        return fill(said.only_attached, part=named)
    match part:
        case Filter():
            return _filtered(part, named, document, words, said)
        case Prefix():
            return fill(said.no_beginning, part=named)
        case Exact():
            return fill(said.no_form, part=named)
        case Cased() if fault.nearly == "small":
            return fill(said.other_capitals, part=named)
        case Near() if fault.nearly == "apart":
            return fill(said.apart_near, part=named)
        case AskedWords() if fault.nearly == "apart":
            return fill(said.apart_words, part=named)
        case AskedWords(title=True):
            below = fault.nearly == "below"
            return fill(said.below_title if below else said.not_titled, part=named)
    return fill(said.missing, part=named)


def _named(part: Node, query: Query, said: WhyWords) -> RichText:
    """Words as they are quoted in a language, all else as it is written in a query."""
    if isinstance(part, AskedWords):
        return RichText(said.quote.format(words=str(AskedWords(part.forms)).strip('"')))
    if isinstance(part, Prefix):
        return RichText(said.quote.format(words=part.form))
    return _code(str(part), query)


def _code(part: str, query: Query) -> RichText:
    return code(as_written(part, query.written))


def _filtered(
    part: Filter, named: RichText, document: Document, words: Words, said: WhyWords
) -> RichText:
    """What the post has in place of what a filter requires."""
    match part.name:
        case "channel":
            return fill(said.other_channel, part=named, name=channel_name(document, words))
        case "from":
            origin = document.forwarded_from
            if origin is None:
                return fill(said.no_forward, part=named)
            name = origin_name(origin) or words.no_name
            return fill(said.other_origin, part=named, name=name)
        case "by":
            return fill(said.other_author, part=named, name=author_name(document) or words.no_name)
        case "lang":
            language = said.languages.get(document.lang or "")
            sentence = said.other_language if language else said.no_language
            return fill(sentence, part=named, name=language or "")
        case "is":
            sentences = {"original": said.not_original, "edited": said.not_edited}
            return fill(sentences.get(part.value, said.not_deleted), part=named)
        case "has":
            return fill(said.has_none, part=named)
        case "place":
            return fill(said.other_place, part=named)
        case "link":
            return fill(said.no_link_to, part=named)
        case "who":
            return fill(said.not_quoted, part=named)
    return fill(said.missing, part=named)
