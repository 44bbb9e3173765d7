"""``/export QUERY``: what a query finds, as a file."""

from handlers.conversation import dialogue, guessing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.guessing import Guess
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.documents.files import FORMATS, Format
from handlers.render.text.dates import zone_of
from handlers.render.text.messages import Attachment, Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.exporting import exporting_words
from storage.documents import search

EXAMPLE = "/export {words}"
_NEAREST: dict[str, Format] = {
    **dict.fromkeys(("pdf", "doc", "docx", "odt", "rtf", "html", "htm", "md", "text"), "txt"),
    **dict.fromkeys(("xls", "xlsx", "ods", "tsv", "excel"), "csv"),
    **dict.fromkeys(("json", "ndjson", "xml", "yaml"), "jsonl"),
}
"""For formats that people ask for and that are not made: the format that comes nearest."""


async def handle(context: CommandContext, services: Services) -> Reply:
    """A message with the file as attachment (made when it is sent), or why there is none."""
    if (refused := _refuse_format(context)) is not None:
        return Reply((refused,), stands=True)
    format, text = _take_format(context.argument)
    now, zone = context.request.now, zone_of(context.timezone)
    query = read_query(text, context.words, EXAMPLE, now=now, zone=zone)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    async with services.database.reader() as conn:
        found = await search.count(conn, query, up_to=1)
    if not found and context.argument.lower() in FORMATS:
        ask, before = exporting_words(context.words.language).ask_of, context.argument.lower()
        return Reply((await dialogue.ask(context, services, "export", ask, before=before),))
    if not found:
        none = exporting_words(context.words.language).none
        return Reply((Message(fill(none, query=code(query.written))),))
    file = Attachment(query.written, format, now, context.timezone)
    return Reply((Message(RichText(""), attachment=file),))


def _refuse_format(context: CommandContext) -> Message | None:
    """The answer for a format that is not made, with the nearest that is; None if no such format is
    named."""
    first, _, rest = context.argument.partition(" ")
    near = _NEAREST.get(first.lower().lstrip("."))
    if near is None or not rest.strip():
        return None
    said = exporting_words(context.words.language)
    guess = Guess("export", f"{near} {rest.strip()}".strip())
    line, keyboard = guessing.offer(guess, context.words, pressed=not context.handle)
    quoted = code(f'/export "{first}" {rest.strip()}')
    problem = fill(said.no_format, format=code(first), formats=", ".join(FORMATS))
    return Message(join("\n", (problem, line, fill(said.as_word, command=quoted))), keyboard)


def _take_format(argument: str) -> tuple[Format, str]:
    """The format and the query of ``csv oil price``; plain text if no format is named."""
    first, _, rest = argument.partition(" ")
    named = next((name for name in FORMATS if name == first.lower()), None)
    return (named, rest.strip()) if named and rest.strip() else ("txt", argument)
