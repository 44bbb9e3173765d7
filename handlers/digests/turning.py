"""The buttons below a digest: its pages, the reasons for its order, and all its posts."""

from collections.abc import Callable, Iterable, Sequence

from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.digests.composing import open_digest
from handlers.digests.page_file import page_of
from handlers.outlines.outline import Outline
from handlers.render.answers.digest_pages import (
    POSTS,
    REST,
    digest_page,
    posts_of_page,
    posts_page,
    shown_posts,
    why_page,
)
from handlers.render.answers.digest_stories import Digest
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.digests.digesting import digesting_words


async def turn(context: PressContext, services: Services) -> PressResult:
    """A page of the stories, in place. Fields: the token, the page from 0."""
    found = await _open(context, services)
    if found is None:
        return _gone(context)
    shown, here = found
    return PressResult(edit=digest_page(shown, number(context.fields, 1), here, context.words))


async def why(context: PressContext, services: Services) -> PressResult:
    """How much each story weighs. Fields: the token, the page to go back to."""
    found = await _open(context, services)
    if found is None:
        return _gone(context)
    return PressResult(edit=why_page(found[0], number(context.fields, 1), context.words))


async def posts(context: PressContext, services: Services) -> PressResult:
    """A page of all posts. Fields: the token, the page from 0."""
    return await _posts(context, services, POSTS)


async def rest(context: PressContext, services: Services) -> PressResult:
    """A page of the posts in no story. Fields: the token, the page from 0."""
    return await _posts(context, services, REST)


async def page(context: PressContext, services: Services) -> PressResult:
    """The digest as a file that opens in a browser. The field is the token."""
    found = await _open(context, services, lambda _: ())
    if found is None:
        return _gone(context)
    press = context.press
    file = page_of(context.fields[0], press.chat_id, asked_at=press.now, timezone=context.timezone)
    return PressResult(reply=(Message(RichText(""), attachment=file),))


async def _posts(context: PressContext, services: Services, verb: str) -> PressResult:
    page = number(context.fields, 1)

    def names(outline: Outline) -> Sequence[str]:
        return outline.posts if verb == POSTS else outline.rest

    def needed(outline: Outline) -> Sequence[str]:
        return posts_of_page(names(outline), page)

    found = await _open(context, services, needed)
    if found is None:
        return _gone(context)
    shown, here = found
    listed = names(shown.outline)
    return PressResult(edit=posts_page(shown, listed, verb, page, here, context.words))


async def _open(
    context: PressContext,
    services: Services,
    needs: Callable[[Outline], Iterable[str]] = shown_posts,
) -> tuple[Digest, Here] | None:
    async with services.database.reader() as conn:
        return await open_digest(
            conn,
            context.fields[0],
            chat_id=context.press.chat_id,
            timezone=context.timezone,
            needs=needs,
        )


def _gone(context: PressContext) -> PressResult:
    return PressResult(toast=digesting_words(context.words.language).gone)
