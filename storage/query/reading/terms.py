"""Words, phrases, beginnings, exact forms and hashtags: a token → the leaf of a tree."""

import difflib
import re
import unicodedata

from storage.errors import QueryError
from storage.query import tree
from storage.query.reading import filter_words, filters, spellings, umlauts
from storage.query.reading.lexer import Token
from storage.query.tree import Exact, Filter, Node, Prefix, Words
from storage.query.words import analysis, folding
from storage.structs import replace

SHORTEST_PREFIX = 3

# Syntax of other query languages that this one does not have: it would silently be punctuation.
_FUZZY = re.compile(r"(.*[^\W_])?[~^][0-9]*(?:\.[0-9]+)?")
_ANY_LETTER = re.compile(r"[^\W_]+\?[^\W_]")


def phrase(token: Token, *, wide: int) -> Node:
    """Words in a row."""
    if "*" in token.text:
        whole = " ".join(token.text.replace("*", " ").split())
        raise _mended(token, "a phrase holds whole words", "leave out the asterisk", f'"{whole}"')
    asked = spellings.words(token.text, wide=wide)
    if asked is None:
        raise _mended(token, "there is no word between the quotation marks", "leave them out", "")
    return asked


def piece(token: Token, before: str, *, wide: int) -> Node:
    """The tree for text without quotation marks and white space that follows ``before``."""
    text = token.text
    _refuse_foreign(token, before)
    if text.startswith("==") and len(text) > 2:
        return _cased(token)
    if text.startswith("=") and len(text) > 1:
        return _exact(token)
    if text.startswith("#") and (tags := list(analysis.hashtags(text))):
        return _tags(token, tags)
    if text.endswith("*") and len(text) > 1 and "*" not in text.rstrip("*"):
        return _prefix(token, wide=wide)
    if "*" in text.rstrip("*"):
        raise _misplaced(token)
    _refuse_unknown_filter(token)
    asked = spellings.words(text, wide=wide)
    if asked is None:
        raise _mended(token, f"there is no word in {text!r}", "leave it out", "")
    return asked


def _misplaced(token: Token) -> QueryError:
    """An asterisk before the end of a word."""
    text = token.text
    asterisk = token.end - len(text) + text.index("*")
    begins = len(text) - len(text.lstrip("*"))
    return QueryError(
        "an asterisk stands at the end of a word only",
        column=asterisk,
        hint="leave out the asterisk",
        edit=(asterisk, asterisk + begins, "") if begins else (asterisk + 1, token.end, ""),
    )


def title(token: Token, *, wide: int) -> Node:
    """Words that the title holds."""
    size = len(token.text) + (2 if token.kind == "phrase" else 0)
    inner = replace(token, column=token.end - size, filter="")
    is_phrase = token.kind == "phrase"
    found = phrase(inner, wide=wide) if is_phrase else piece(inner, "", wide=wide)
    asked = spellings.words(token.text, title=True, wide=wide)
    one_form = token.text.startswith("==") or token.text.endswith("*")
    if asked is None or isinstance(found, Exact | Prefix | Filter) or one_form:
        plain = " ".join(word.form for word in analysis.words(token.text))
        instead = f'"{plain}"' if " " in plain else plain
        raise _mended(inner, "title: takes words and phrases only", "", instead)
    return asked


def near_side(
    node: Node | None, token: Token, operator: Token, *, spelled: bool
) -> list[spellings.Side]:
    """The words, or alternatives, on one side of NEAR. Raises QueryError for anything else."""
    sides = spellings.near_sides(node, spelled=spelled)
    if sides is not None:
        return sides
    edit = (operator.column, operator.end, "")
    if isinstance(node, Exact):
        edit = (token.column, token.column + 1, "")
    raise QueryError("NEAR joins words and phrases only", column=token.column, edit=edit)


def _mended(token: Token, what: str, hint: str, instead: str) -> QueryError:
    edit = (token.column, token.end, instead or " ")
    return QueryError(what, column=token.column, hint=hint, edit=edit)


def _exact(token: Token) -> Exact:
    text = token.text[1:]
    if text.endswith("*"):
        raise _mended(token, "=word is a whole word", "leave out the asterisk", text)
    words = analysis.words(text)
    if len(words) == 1:
        return Exact(words[0].form)
    joined = spellings.joined(text)
    if joined is None:
        raise _mended(token, "=word takes one word", "split it up", f'"{text}"' if words else "")
    return Exact(joined)


def _cased(token: Token) -> Node:
    text = token.text[2:]
    if len(analysis.words(text)) != 1 or text.endswith("*"):
        words = analysis.words(text)
        plain = " ".join(word.form for word in words)
        instead = f"=={text.rstrip('*')}" if len(words) == 1 else f'"{plain}"' if words else ""
        raise _mended(token, "==WORD takes one word", "split it up", instead)
    return spellings.cased(text)


def _tags(token: Token, tags: list[tuple[int, int, str]]) -> Node:
    text, end = token.text, tags[-1][1]
    if text.endswith("*"):
        plain = text[:end].lstrip("#")
        instead = f"{plain}*" if len(plain) >= SHORTEST_PREFIX else text[:end]
        raise _mended(token, "a hashtag is asked for whole", "leave out the asterisk", instead)
    beside = "".join(
        text[start:stop]
        for start, stop in zip(
            [0, *(end for _, end, _ in tags)],
            [*(start for start, _, _ in tags), len(text)],
            strict=True,
        )
    )
    if analysis.words(beside):
        parted = " ".join(f"#{name}" for _, _, name in tags)
        raise _mended(
            token, "a hashtag ends here", "write a space", f"{parted} {text[end:].lstrip('-–—,.')}"
        )
    return tree.both(
        [Filter("tag", tag, (frozenset((analysis.mark("tag", tag),)),)) for _, _, tag in tags]
    )


def _prefix(token: Token, *, wide: int) -> Node:
    begun = token.text.rstrip("*")
    words = analysis.words(begun)
    if words and all(folding.is_sign(word.form) for word in words):  # found inside of any run
        return Words(tuple([word.form for word in words]))
    if len(words) != 1:
        raise _mended(token, "word* takes one word", "split it up", _parted(words))
    form = words[0].form
    if len(form) < SHORTEST_PREFIX:
        raise _mended(
            token,
            f"the beginning of a word needs {SHORTEST_PREFIX} letters at least",
            "write more of the word",
            begun,
        )
    if not wide:
        return Prefix(form)
    written = analysis.fold(umlauts.write_out(unicodedata.normalize("NFC", begun)))
    return tree.either([Prefix(form), Prefix(written)])


def _parted(words: list[analysis.Word]) -> str:
    """The nearest query to a prefix of several words."""
    forms = [word.form for word in words]
    if not forms:
        return ""
    if len(forms[-1]) < SHORTEST_PREFIX:
        return f'"{" ".join(forms)}"'
    return f"{' '.join(forms)}*"


def _refuse_foreign(token: Token, before: str) -> None:
    text = token.text
    fuzzy = _FUZZY.fullmatch(text)
    if fuzzy is not None and (fuzzy[1] or before not in ("", " ")):
        raise _mended(
            token,
            "nothing is searched for by likeness",
            "write a NEAR/5 b, or word*",
            fuzzy[1] or "",
        )
    if text.startswith("!") and text[1:2].isalnum():
        hint = "write -word, without a space, to leave a word out"
        raise _mended(token, "an exclamation mark leaves nothing out", hint, f"-{text[1:]}")
    if "/" not in text and (match := _ANY_LETTER.match(text)):
        begun = match[0].partition("?")[0]
        instead = f"{begun}*" if len(begun) >= SHORTEST_PREFIX else ""
        raise _mended(token, "a question mark stands for no letter", "write word*", instead)


def _refuse_unknown_filter(token: Token) -> None:
    name, colon, value = token.text.partition(":")
    if not (colon and value and name.isalpha()) or value.startswith("//"):
        return
    quoted = f'"{token.text}"'
    near = filter_words.FILTERS_MEANT.meanings().get(name.lower())
    if near is None:
        likely = difflib.get_close_matches(name.lower(), sorted(filters.spellings()), 1)
        near = likely[0] if likely else None
    raise _mended(
        token,
        f"there is no filter {name}:",
        f"to search for it write {quoted}",
        f"{near}:{value}" if near else quoted,
    )
