"""Makes pages of ``t.me/s`` with their flattened text and their gold, harder than those at hand.

``python benchmarks/page_pairs.py CORPUS DIR`` writes ``NAME.html``, ``NAME.flat.txt`` and
``NAME.gold.json`` for ``benchmarks/normalize.py --pairs DIR``. The texts are the corpus's posts,
put together by a seed; the flat text is the extractor's own: trafilatura 2.0.0 has to be installed
(``uv run --with trafilatura==2.0.0 ...``; no part of the project needs it otherwise).
"""

import argparse
import html
import importlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CHANNEL = "Generated channel"
NAMES = ("Russian MFA 🇷🇺", "Town Crier (press)", "Посольство в Горах", "ТАСС", "Aurora / Заря")
MARKERS = "🔵🔹✅❗👉🔴⚡📌💥🟢🎙🤝"
SITES = ("mid.ru", "YouTube", "Telegram", "TASS", "RT на русском", "X (formerly Twitter)", "Дзен")
TITLES = ("Briefing of the spokeswoman", "О переговорах в горах", "Photo report from the harbour")
ABOUT = ("All that was said, and in which order.", "Подробности — в материале по ссылке.")
HIDDEN = "Please open Telegram to view this post"
UNSUPPORTED = "This media is not supported in your browser"
KINDS = (
    *("plain", "plain", "plain", "emoji", "emoji", "custom", "custom", "custom", "mid", "mid"),
    *("preview", "preview", "spoiler", "big", "unsupported", "album", "reply", "one", "repeats"),
)


@dataclass(slots=True)
class Post:
    """A post on its way to a page: its lines as text and as markup."""

    kind: str
    lines: list[str]
    forward: str | None = None
    markup: list[str] = field(default_factory=list)
    custom: bool = False
    before: str = ""
    after: str = ""


def read_texts(corpus: Path) -> list[list[str]]:
    """The corpus's posts as lines: news channels' and, as often, an embassy's."""
    posts = []
    for path in sorted((corpus / "telethon").glob("nktkln_*.jsonl")):
        for row in path.read_text("utf-8").splitlines():
            text = (
                (json.loads(row)["text"] or "")
                .replace("**", "")
                .replace("__", "")
                .replace("\u200e", "")
            )
            posts.append([" ".join(line.split()) for line in text.split("\n") if line.strip()])
    for path in sorted((corpus / "gold").glob("002*.json")):
        for document in json.loads(path.read_text("utf-8")):
            lines = [document["title"], *(block["text"] for block in document["body"])]
            posts += [[" ".join(line.split()) for line in lines]] * 6
    return [lines for lines in posts if lines]


def make_post(chance: random.Random, texts: list[list[str]], earlier: list[Post]) -> Post:
    """A post of some kind, in a few of the dresses that its kind has."""
    kind = chance.choice(KINDS)
    lines = list(chance.choice(texts))
    forward = chance.choice(NAMES) if chance.random() < 0.35 else None
    post = Post(kind=kind, lines=lines, forward=forward)
    if kind == "one":
        post.lines = lines[:1]
    if kind == "repeats" and len(lines) > 1:
        post.lines.insert(chance.randrange(1, len(lines) + 1), chance.choice(lines[1:]))
    post.markup = [html.escape(line, quote=False) for line in post.lines]
    dress = _DRESSES.get(kind)
    if dress is not None:
        dress(chance, post)
    if kind == "reply" and earlier:
        post.before = _reply(chance.choice(earlier))
    if chance.random() < 0.5:
        post.markup[0] = f"<b>{post.markup[0]}</b>"
    return post


def _mark(chance: random.Random, post: Post, *, custom: bool) -> None:
    """Lines that open with one emoji, or each with its own.

    No head opens with a custom one: the extractor leaves such posts out, or half of them.
    """
    marker = chance.choice(MARKERS)
    if custom and len(post.lines) == 1:
        _mark_inside(chance, post)
        return
    chosen = [at for at in range(custom, len(post.lines)) if chance.random() < 0.5]
    for at in chosen or [len(post.lines) - 1]:
        own = marker if chance.random() < 0.7 else chance.choice(MARKERS)
        # After an element that it keeps, the extractor prints a space whether there is one or not.
        space = " " if custom else chance.choice((" ", ""))
        post.lines[at] = own + space + post.lines[at]
        post.markup[at] = _emoji(chance, own, custom=custom) + space + post.markup[at]
    post.custom = custom


def _mark_inside(chance: random.Random, post: Post) -> None:
    at = chance.randrange(len(post.lines))
    words = post.lines[at].split(" ")
    cut = chance.randrange(1, len(words) + 1)
    marker = chance.choice(MARKERS)
    shown = [html.escape(word, quote=False) for word in words]
    emoji = _emoji(chance, marker, custom=True)
    # A space before an element that the extractor keeps is lost.
    post.lines[at] = " ".join([" ".join(words[:cut]) + marker, *words[cut:]])
    post.markup[at] = " ".join([" ".join(shown[:cut]) + emoji, *shown[cut:]])
    post.custom = True


def _hide(chance: random.Random, post: Post) -> None:
    at = chance.randrange(len(post.lines))
    words = post.lines[at].split(" ")
    cut = chance.randrange(len(words))
    start, rest = " ".join(words[:cut]), " ".join(words[cut:])
    post.lines[at] = start + rest
    start, rest = html.escape(start, quote=False), html.escape(rest, quote=False)
    post.markup[at] = f"{start}<tg-spoiler>{rest}</tg-spoiler>"


def _preview(chance: random.Random, post: Post) -> None:
    parts = [("site_name accent_color", chance.choice(SITES)), ("title", chance.choice(TITLES))]
    parts.append(("description", chance.choice(ABOUT)))
    shown = parts[: chance.choice((2, 3, 3))]
    inner = "".join(
        f'<div class="link_preview_{name}" dir="auto">{text}</div>' for name, text in shown
    )
    post.after = f'<a class="tgme_widget_message_link_preview" href="https://x/">{inner}</a>'


def _media(label: str) -> Callable[[random.Random, Post], None]:
    def dress(_: random.Random, post: Post) -> None:
        post.before = (
            '<a class="tgme_widget_message_video_player not_supported" href="x">'
            f"{_not_supported(label)}</a>"
        )

    return dress


def _reply(answered: Post) -> str:
    words = " ".join(answered.lines)[:90].rsplit(" ", 1)[0]
    return (
        '<a class="tgme_widget_message_reply user-color-4" href="https://t.me/gen/1">'
        '<div class="tgme_widget_message_author accent_color">'
        f'<span class="tgme_widget_message_author_name" dir="auto">{CHANNEL}</span></div>'
        f'<div class="tgme_widget_message_text js-message_reply_text" dir="auto">'
        f"{html.escape(words, quote=False)}</div></a>"
    )


_DRESSES: dict[str, Callable[[random.Random, Post], None]] = {
    "emoji": lambda chance, post: _mark(chance, post, custom=False),
    "custom": lambda chance, post: _mark(chance, post, custom=True),
    "mid": _mark_inside,
    "spoiler": _hide,
    "preview": _preview,
    "big": _media("Media is too big"),
    "unsupported": _media(UNSUPPORTED),
}


def _emoji(chance: random.Random, marker: str, *, custom: bool) -> str:
    shown = f'<i class="emoji" style="background-image:url(\'//x/1.png\')"><b>{marker}</b></i>'
    number = chance.randrange(10**17, 10**18)
    return f'<tg-emoji emoji-id="{number}">{shown}</tg-emoji>' if custom else shown


def _not_supported(label: str) -> str:
    return (
        '<div class="message_media_not_supported_wrap">\n'
        '  <div class="message_media_not_supported">\n'
        f'    <div class="message_media_not_supported_label">{label}</div>\n'
        '    <a href="x" class="message_media_view_in_telegram">VIEW IN TELEGRAM</a>\n'
        "  </div>\n</div>"
    )


def render_post(chance: random.Random, post: Post, number: int) -> str:
    """The post's markup on a page."""
    text = chance.choice(("<br/>", "<br/><br/>")).join(post.markup)
    inner = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
    if post.kind == "album":
        inner = inner.replace(text, f'<div class="tgme_widget_message_text">{text}</div>')
    if post.custom:
        inner = f'<div class="media_supported_cont">{inner}</div>'
        inner += f'<div class="media_not_supported_cont">{_not_supported(HIDDEN)}</div>'
    forward = ""
    if post.forward:
        forward = (
            '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
            '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/x/1">'
            f'<span dir="auto">{post.forward}</span></a></div>'
        )
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        '<div class="tgme_widget_message'
        f' text_not_supported_wrap js-widget_message" data-post="gen/{number}" data-view="e">\n'
        '  <div class="tgme_widget_message_bubble">\n'
        '    <div class="tgme_widget_message_author accent_color">'
        '<a class="tgme_widget_message_owner_name" href="https://t.me/gen">'
        f'<span dir="auto">{CHANNEL}</span></a></div>\n{forward}\n{post.before}\n{inner}\n'
        f'{post.after}\n<div class="tgme_widget_message_footer compact js-message_footer">\n'
        '<span class="tgme_widget_message_views">214</span><span class="copyonly"> views</span>'
        '<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="x">'
        '<time datetime="2024-05-18T10:09:00+00:00" class="time">10:20</time></a></span>\n'
        "</div>\n  </div>\n</div></div>"
    )


def make_page(chance: random.Random, texts: list[list[str]]) -> tuple[str, list[Post]]:
    """A page's markup and its posts."""
    posts: list[Post] = []
    for _ in range(chance.randrange(5, 16)):
        posts.append(make_post(chance, texts, posts))
    inner = "".join(render_post(chance, post, 100 + at) for at, post in enumerate(posts))
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Gen – Telegram</title></head>'
        '<body class="widget_frame_base tgme_webpreview"><main class="tgme_main" data-url="/gen">'
        '<div class="tgme_container"><section class="tgme_channel_history js-message_history">'
        f"{inner}</section></div></main></body></html>",
        posts,
    )


def gold(posts: list[Post], flat: str) -> Iterator[dict[str, object]]:
    """The posts as the gold beside a page lists them."""
    shown = " ".join(flat.split())
    for post in posts:
        lines = [" ".join(line.split()) for line in post.lines]
        in_flat = all(line in shown for line in lines)
        yield {
            "forwarded_from": post.forward,
            "kind": post.kind,
            "lines": post.lines,
            "in_flat": in_flat,
        }


def main() -> None:
    """Make the pages that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    extract = importlib.import_module("trafilatura").extract
    texts = read_texts(options.corpus)
    options.folder.mkdir(parents=True, exist_ok=True)
    for number in range(options.pages):
        chance = random.Random(options.seed * 1000 + number)
        page, posts = make_page(chance, texts)
        flat = extract(page) or ""
        name = f"page_{options.seed}_{number:02}"
        (options.folder / f"{name}.html").write_text(page, "utf-8")
        (options.folder / f"{name}.flat.txt").write_text(flat, "utf-8")
        rows = json.dumps(list(gold(posts, flat)), ensure_ascii=False, indent=1)
        (options.folder / f"{name}.gold.json").write_text(rows, "utf-8")


if __name__ == "__main__":
    main()
