"""Words that say that somebody says something, in Russian and in English."""

import re


def _words(text: str) -> list[str]:
    return text.split()


_PAST = _words(
    """
    заявил сообщил сказал отметил подчеркнул добавил рассказал объяснил пояснил написал ответил
    указал напомнил предупредил признал уточнил констатировал прокомментировал объявил пообещал
    призвал заверил заметил подтвердил посоветовал предположил возразил резюмировал признался
    пожаловался
    """
)
_PRESENT = _words(
    """
    заявляет сообщает говорит отмечает подчеркивает подчёркивает добавляет рассказывает
    объясняет поясняет утверждает считает полагает уверяет указывает напоминает предупреждает
    пишет признаёт признает уточняет обещает призывает
    """
)
_ENGLISH = _words(
    """
    said says told added noted stressed stated emphasized emphasised argued warned claimed
    insisted announced declared explained wrote tweeted acknowledged admitted believes thinks
    argues warns claims insists notes adds explains writes
    """
)


def _of_women(verb: str) -> str:
    return f"{verb[:-2]}ась" if verb.endswith("ся") else f"{verb}а"


VERBS = {
    **dict.fromkeys(_PAST, "masc"),
    **{_of_women(verb): "femn" for verb in _PAST},
    **dict.fromkeys([*_PRESENT, *_ENGLISH], ""),
    **dict.fromkeys(["уверен", "убежден", "убеждён"], "masc"),
    **dict.fromkeys(["уверена", "убеждена"], "femn"),
}
"""Verbs of saying, each with the gender of its subject if its form tells."""

PLAIN = frozenset(["said", "says", "believes", "thinks"])
"""Verbs behind which a statement may follow without *that*."""

FORMULAS = frozenset(["словам", "мнению", "убеждению", "утверждению", "according"])
WORDS = frozenset(
    f"{word}{end}" for word in (*VERBS, *FORMULAS, "According") for end in ("", ",", ":", ".")
)
"""Chunks, one of which is in every text that quotes somebody with a verb."""

VERB = re.compile(rf"\b(?:{'|'.join(sorted(VERBS, key=len, reverse=True))})\b")

NOT_SO = re.compile(
    r"\b(?:якобы|фейк\w*|если|будто|ложно|дипфейк\w*|пародия|allegedly|falsely|fake|deepfake|if)\b",
    re.IGNORECASE,
)
"""That it is denied, doubted or only supposed."""
