"""Signing in and out, at other data centres too: auth.*, account.getPassword."""

import secrets

from telethon.tl import TLObject, TLRequest, functions, types

from bot.sandbox.protocol import password
from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.standing import check_application
from bot.sandbox.state.messages import HOME
from bot.sandbox.world.accounts import Account


def _send_code(call: Call, request: functions.auth.SendCodeRequest) -> TLObject:
    check_application(call, request)
    phone = "".join(letter for letter in request.phone_number if letter.isdigit())
    if len(phone) < 5:
        raise Refusal(400, "PHONE_NUMBER_INVALID")
    return _sent_code(call, phone)


def _resend_code(call: Call, request: functions.auth.ResendCodeRequest) -> TLObject:
    _check_code_hash(call, request)
    return _sent_code(call, request.phone_number.lstrip("+"))


def _sent_code(call: Call, phone: str) -> types.auth.SentCode:
    user = call.world.find_user(phone)
    code_hash = call.world.code_hashes.setdefault(phone, secrets.token_hex(9))
    length = len(user.code) if user else 5
    return types.auth.SentCode(
        type=types.auth.SentCodeTypeApp(length=length), phone_code_hash=code_hash
    )


def _check_code_hash(call: Call, request: TLRequest) -> str:
    phone = "".join(letter for letter in request.phone_number if letter.isdigit())
    if call.world.code_hashes.get(phone) != request.phone_code_hash:
        raise Refusal(400, "PHONE_CODE_EXPIRED")
    return phone


def _sign_in(call: Call, request: functions.auth.SignInRequest) -> TLObject:
    phone = _check_code_hash(call, request)
    if not request.phone_code:
        raise Refusal(400, "PHONE_CODE_EMPTY")
    user = call.world.find_user(phone)
    if user is None:
        return types.auth.AuthorizationSignUpRequired()
    if request.phone_code != user.code:
        raise Refusal(400, "PHONE_CODE_INVALID")
    del call.world.code_hashes[phone]
    if user.password is not None:
        call.world.half_signed_in[call.session.key_id] = user
        raise Refusal(401, "SESSION_PASSWORD_NEEDED")
    return _let_in(call, user)


def _get_password(call: Call, request: functions.account.GetPasswordRequest) -> TLObject:
    user = call.world.half_signed_in.get(call.session.key_id)
    if user is None:
        user = call.user
    if user.password is None:
        return password.view_password(None)
    challenge = password.make_challenge(user.password)
    call.world.challenges[call.session.key_id] = challenge
    return password.view_password(challenge)


def _check_password(call: Call, request: functions.auth.CheckPasswordRequest) -> TLObject:
    key_id = call.session.key_id
    user = call.world.half_signed_in.get(key_id)
    if user is None:
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    challenge = call.world.challenges.pop(key_id, None)
    if challenge is None:
        raise Refusal(400, "SRP_ID_INVALID")
    if not challenge.accepts(request.password):
        raise Refusal(400, "PASSWORD_HASH_INVALID")
    del call.world.half_signed_in[key_id]
    return _let_in(call, user)


def _import_bot(call: Call, request: functions.auth.ImportBotAuthorizationRequest) -> TLObject:
    check_application(call, request)
    bot = call.world.find_bot(request.bot_auth_token)
    if bot is None:
        raise Refusal(400, "ACCESS_TOKEN_INVALID")
    return _let_in(call, bot)


def _let_in(call: Call, account: Account) -> types.auth.Authorization:
    call.world.owners[call.session.key_id] = account.id
    return types.auth.Authorization(user=call.world.views.view_user(account, account))


def _export(
    call: Call, request: functions.auth.ExportAuthorizationRequest
) -> types.auth.ExportedAuthorization:
    if request.dc_id == HOME:
        raise Refusal(400, "DC_ID_INVALID")
    handed_out = secrets.token_bytes(32)
    call.world.exported[handed_out] = call.account.id, request.dc_id
    return types.auth.ExportedAuthorization(id=call.account.id, bytes=handed_out)


def _import(
    call: Call, request: functions.auth.ImportAuthorizationRequest
) -> types.auth.Authorization:
    account_id, dc_id = call.world.exported.pop(request.bytes, (0, 0))
    if not account_id or account_id != request.id:
        raise Refusal(400, "AUTH_BYTES_INVALID")
    call.world.elsewhere[call.session.key_id] = dc_id
    call.session.wants_updates = False  # They come from home alone.
    return _let_in(call, call.world.accounts[account_id])


def _log_out(call: Call, request: functions.auth.LogOutRequest) -> types.auth.LoggedOut:
    call.world.owners.pop(call.session.key_id, None)
    return types.auth.LoggedOut()


# These answer also those who have not signed in.
PUBLIC: dict[type, Method] = {
    functions.auth.SendCodeRequest: _send_code,
    functions.auth.ResendCodeRequest: _resend_code,
    functions.auth.SignInRequest: _sign_in,
    functions.account.GetPasswordRequest: _get_password,
    functions.auth.CheckPasswordRequest: _check_password,
    functions.auth.ImportBotAuthorizationRequest: _import_bot,
    functions.auth.ImportAuthorizationRequest: _import,
    functions.auth.LogOutRequest: _log_out,
}
METHODS: dict[type, Method] = {functions.auth.ExportAuthorizationRequest: _export}
