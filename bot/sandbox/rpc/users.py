"""Who is who: users.*, contacts.resolveUsername, bots.*."""

from telethon.tl import TLObject, TLRequest, functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.peers import read_user
from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.users import User


def _get_users(call: Call, request: functions.users.GetUsersRequest) -> list[TLObject]:
    found = []
    for peer in request.id:
        try:
            account = read_user(call, peer)
        except Refusal as refusal:
            if refusal.code == 401:
                raise
            continue
        found.append(call.world.views.view_user(account, call.account))
    return found


def _get_full_user(call: Call, request: functions.users.GetFullUserRequest) -> types.users.UserFull:
    account = read_user(call, request.id)
    caller = call.account
    blocked = isinstance(caller, User) and account.id in caller.blocked
    full = types.UserFull(
        id=account.id,
        settings=types.PeerSettings(),
        notify_settings=types.PeerNotifySettings(),
        common_chats_count=0,
        blocked=blocked,
    )
    user = call.world.views.view_user(account, caller)
    return types.users.UserFull(full_user=full, chats=[], users=[user])


def _resolve_username(
    call: Call, request: functions.contacts.ResolveUsernameRequest
) -> types.contacts.ResolvedPeer:
    name = request.username.removeprefix("@").lower()
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise Refusal(400, "USERNAME_INVALID")
    owner = call.world.names.get(name)
    if owner is None:
        raise Refusal(400, "USERNAME_NOT_OCCUPIED")
    if isinstance(owner, Profile):
        user = call.world.views.view_user(owner, call.account)
        return types.contacts.ResolvedPeer(types.PeerUser(owner.id), [], [user])
    chat = call.world.views.view_channel(owner, call.account)
    return types.contacts.ResolvedPeer(types.PeerChannel(owner.id), [chat], [])


def _scope(request: TLRequest) -> tuple[str, str]:
    scope = type(request.scope).__name__.removeprefix("BotCommandScope")
    peer = getattr(getattr(request.scope, "peer", None), "user_id", None)
    return (f"{scope}:{peer}" if peer else scope), request.lang_code


def _set_commands(call: Call, request: functions.bots.SetBotCommandsRequest) -> bool:
    if len(request.commands) > 100:
        raise Refusal(400, "BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope(request)] = list(request.commands)
    return True


def _reset_commands(call: Call, request: functions.bots.ResetBotCommandsRequest) -> bool:
    call.bot.commands.pop(_scope(request), None)
    return True


def _get_commands(call: Call, request: functions.bots.GetBotCommandsRequest) -> list[TLObject]:
    return call.bot.commands.get(_scope(request), [])


METHODS: dict[type, Method] = {
    functions.users.GetUsersRequest: _get_users,
    functions.users.GetFullUserRequest: _get_full_user,
    functions.contacts.ResolveUsernameRequest: _resolve_username,
    functions.bots.SetBotCommandsRequest: _set_commands,
    functions.bots.ResetBotCommandsRequest: _reset_commands,
    functions.bots.GetBotCommandsRequest: _get_commands,
}
