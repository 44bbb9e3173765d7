"""HTML pages that stand alone: they open offline, in light and dark, without scripts, and load
nothing. Text from outside is escaped, never markup."""

from html import escape

from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, followable

STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --soft: #565b61; --page: #fff; --line: #dcdfe3;
  --link: #0a58b0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --soft: #a3aab1; --page: #16181b; --line: #383d43; --link: #86baf7; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 42rem; background: var(--page);
  color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
  counter-reset: story; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.125rem; line-height: 1.35; margin: 0 0 .375rem; }
h2::before { content: counter(story) ". "; color: var(--soft); }
h3 { font-size: 1.0625rem; margin: 2rem 0 .5rem; }
a { color: var(--link); text-decoration: none; }
h2 a, .posts a { color: var(--ink); text-decoration: underline var(--line);
  text-underline-offset: .2em; }
a:hover, a:focus { text-decoration: underline; }
article { border-top: 1px solid var(--line); padding: 1rem 0; counter-increment: story; }
blockquote { margin: .5rem 0; padding-inline-start: .75rem;
  border-inline-start: 3px solid var(--line); }
ul { margin: .5rem 0; padding: 0; list-style: none; }
li { margin: .3rem 0; }
summary { color: var(--link); cursor: pointer; padding: .25rem 0; }
.soft, details { color: var(--soft); font-size: .95rem; }
p.soft { margin: .375rem 0 1rem; }
@media print { body { max-width: none; } a { color: inherit; } }
"""


def page(title: str, body: str, language: str) -> str:
    """A whole page around a body of markup; the title is text."""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{plain(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )


def rich(text: RichText | str) -> str:
    """A text with its links; what else is formatted is plain."""
    if isinstance(text, str):
        return plain(text)
    parts, done = [], 0
    for span in sorted(text.spans, key=lambda span: span.start):
        if span.url and span.start >= done:
            parts.append(plain(text.text[done : span.start]))
            parts.append(link(text.text[span.start : span.end], span.url))
            done = span.end
    return "".join([*parts, plain(text.text[done:])])


def link(text: str, url: str | None) -> str:
    """A link with this text if the address may be followed, else the text."""
    if url is None or not followable(url):
        return plain(text)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{plain(text)}</a>'


def plain(text: str) -> str:
    """A text, escaped; signs of writing direction are closed, so that they do not affect what
    follows."""
    return escape(contained(text))
