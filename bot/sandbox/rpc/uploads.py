"""upload.*: parts of files on their way here."""

from telethon.tl import functions

from bot.sandbox.rpc.call import Call, Method
from bot.sandbox.world import files


def _save_part(
    call: Call,
    request: functions.upload.SaveFilePartRequest | functions.upload.SaveBigFilePartRequest,
) -> bool:
    files.keep_part(call.account, request.file_id, request.file_part, request.bytes)
    return True


METHODS: dict[type, Method] = {
    functions.upload.SaveFilePartRequest: _save_part,
    functions.upload.SaveBigFilePartRequest: _save_part,
}
