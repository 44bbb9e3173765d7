"""What an account may ask about itself and the server: its sessions, the limits, the time."""

from datetime import timedelta

from telethon.tl import TLRequest, functions, types

from bot.sandbox.rpc import freezing
from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.rpc.membership import JOINED_LIMIT
from bot.sandbox.state.clock import now
from bot.sandbox.state.messages import HOME

# What a Config must hold, and no client of ours reads.
_LIMITS = (
    "chat_size_max",
    "megagroup_size_max",
    "forwarded_count_max",
    "online_update_period_ms",
    "offline_blur_timeout_ms",
    "offline_idle_timeout_ms",
    "online_cloud_timeout_ms",
    "notify_cloud_delay_ms",
    "notify_default_delay_ms",
    "push_chat_period_ms",
    "push_chat_limit",
    "edit_time_limit",
    "revoke_time_limit",
    "revoke_pm_time_limit",
    "rating_e_decay",
    "stickers_recent_limit",
    "channels_read_media_period",
    "call_receive_timeout_ms",
    "call_ring_timeout_ms",
    "call_connect_timeout_ms",
    "call_packet_timeout_ms",
)
# https://core.telegram.org/api/config#client-configuration, as far as a client of ours may ask.
_APP_LIMITS = {
    "channels_limit_default": JOINED_LIMIT,
    "channels_limit_premium": 2 * JOINED_LIMIT,
    "channels_public_limit_default": 10,
    "channels_public_limit_premium": 20,
    "caption_length_limit_default": 1024,
    "caption_length_limit_premium": 4096,
}
_APP_HASH = 20_261
# Which data centres there are: all of them are this server.
_CENTRES = (HOME, 4)


def _get_config(call: Call, request: functions.help.GetConfigRequest) -> types.Config:
    present = now() + timedelta(seconds=call.world.manners.clock_ahead)
    limits = dict.fromkeys(_LIMITS, 1000)
    return types.Config(
        date=present,
        expires=present + timedelta(hours=1),
        test_mode=False,
        this_dc=HOME,
        dc_options=[types.DcOption(dc, "127.0.0.1", call.world.port) for dc in _CENTRES],
        dc_txt_domain_name="",
        me_url_prefix="https://t.me/",
        caption_length_max=1024,
        message_length_max=4096,
        webfile_dc_id=2,
        **limits,
    )


def _get_app_config(
    call: Call, request: functions.help.GetAppConfigRequest
) -> types.help.AppConfig | types.help.AppConfigNotModified:
    if request.hash == _APP_HASH:
        return types.help.AppConfigNotModified()
    values = [
        types.JsonObjectValue(name, types.JsonNumber(float(limit)))
        for name, limit in _APP_LIMITS.items()
    ]
    account = call.record.account
    values += freezing.view_freeze(account.freeze if account else None)
    return types.help.AppConfig(hash=_APP_HASH, config=types.JsonObject(values))


def _get_authorizations(
    call: Call, request: functions.account.GetAuthorizationsRequest
) -> types.account.Authorizations:
    keys = [key for key, owner in call.world.owners.items() if owner == call.user.id]
    sessions = [_view_session(key, key == call.session.key_id) for key in keys]
    return types.account.Authorizations(authorization_ttl_days=180, authorizations=sessions)


def _get_account_ttl(
    call: Call, request: functions.account.GetAccountTTLRequest
) -> types.AccountDaysTTL:
    return types.AccountDaysTTL(days=call.user.away_days)


def _view_session(key_id: int, is_current: bool) -> types.Authorization:
    return types.Authorization(
        hash=0 if is_current else key_id % (1 << 62),
        device_model="Dateline",
        platform="",
        system_version="",
        api_id=1,
        app_name="Sandbox",
        app_version="1",
        date_created=now(),
        date_active=now(),
        ip="127.0.0.1",
        country="",
        region="",
        current=is_current,
    )


def check_application(call: Call, request: TLRequest) -> None:
    """Refuse what is no application: an empty pair, or another than the one that there is."""
    only = call.world.manners.application
    given = request.api_id, request.api_hash
    if not all(given) or (only is not None and given != only):
        raise Refusal(400, "API_ID_INVALID")


def _export_login_token(
    call: Call, request: functions.auth.ExportLoginTokenRequest
) -> types.auth.LoginToken:
    check_application(call, request)
    return types.auth.LoginToken(expires=now() + timedelta(seconds=30), token=b"\0" * 32)


# These answer also those who have not signed in.
PUBLIC: dict[type, Method] = {
    functions.auth.ExportLoginTokenRequest: _export_login_token,
    functions.help.GetConfigRequest: _get_config,
    functions.help.GetAppConfigRequest: _get_app_config,
}
METHODS: dict[type, Method] = {
    functions.account.GetAuthorizationsRequest: _get_authorizations,
    functions.account.GetAccountTTLRequest: _get_account_ttl,
}
