"""A bot's answers to presses and inline queries, and buttons pressed by a real client."""

import asyncio
from collections.abc import Mapping

from telethon.tl import TLObject, functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.peers import read_peer
from bot.sandbox.state.clock import now
from bot.sandbox.state.ledger import Answer
from bot.sandbox.state.messages import Message
from bot.sandbox.world.accounts import Bot
from bot.sandbox.world.channels import Channel
from bot.sandbox.world.inline import InlineAnswer

_PATIENCE_SECONDS = 10.0
_ANSWER_LIMIT = 200
_RESULT_LIMIT = 50


def _set_answer(call: Call, request: functions.messages.SetBotCallbackAnswerRequest) -> bool:
    query = call.world.queries.find(request.query_id, call.bot)
    if query is None:
        raise Refusal(400, "QUERY_ID_INVALID")
    if len(request.message or "") > _ANSWER_LIMIT:
        raise Refusal(400, "MESSAGE_TOO_LONG")
    answer = Answer(
        text=request.message,
        alert=bool(request.alert),
        url=request.url,
        user=query.user,
        bot=query.bot,
        at=now(),
    )
    call.world.queries.answer(query, answer)
    return True


def _get_answer(
    call: Call, request: functions.messages.GetBotCallbackAnswerRequest
) -> "asyncio.Future[TLObject]":
    place = read_peer(call, request.peer)
    messages: Mapping[int, Message] = (
        place.by_id if isinstance(place, Channel) else call.user.messages
    )
    message = messages.get(request.msg_id)
    if message is None or not isinstance(message.sender, Bot):
        raise Refusal(400, "MESSAGE_ID_INVALID")
    datas = [button.data for row in message.buttons for button in row]
    if request.data not in datas:
        raise Refusal(400, "DATA_INVALID")
    query = call.world.queries.open(call.user, message, request.data)

    async def wait() -> TLObject:
        try:
            answer = await call.world.changes.wait_for(
                lambda: query.answer, what="an answer", timeout=_PATIENCE_SECONDS
            )
        except TimeoutError:
            raise Refusal(400, "BOT_RESPONSE_TIMEOUT") from None
        return types.messages.BotCallbackAnswer(
            cache_time=0, alert=answer.alert, message=answer.text, url=answer.url
        )

    return asyncio.ensure_future(wait())


def _set_inline_results(call: Call, request: functions.messages.SetInlineBotResultsRequest) -> bool:
    query = call.world.inline_queries.find(request.query_id, call.bot)
    if query is None:
        raise Refusal(400, "QUERY_ID_INVALID")
    if len(request.results) > _RESULT_LIMIT:
        raise Refusal(400, "RESULTS_TOO_MUCH")
    answer = InlineAnswer(
        results=tuple(request.results),
        next_offset=request.next_offset,
        cache_time=request.cache_time,
        is_personal=bool(request.private),
    )
    call.world.inline_queries.answer(query, answer)
    return True


METHODS: dict[type, Method] = {
    functions.messages.SetBotCallbackAnswerRequest: _set_answer,
    functions.messages.GetBotCallbackAnswerRequest: _get_answer,
    functions.messages.SetInlineBotResultsRequest: _set_inline_results,
}
