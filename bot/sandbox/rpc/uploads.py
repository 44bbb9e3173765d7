"""upload.*: parts of files on their way here, and back."""

from telethon.tl import functions, types

from bot.sandbox.rpc.call import Call, Method, Refusal
from bot.sandbox.state.clock import now
from bot.sandbox.state.messages import HOME
from bot.sandbox.world import files

_STEP, _LONGEST = 4096, 1024 * 1024


def _save_part(
    call: Call,
    request: functions.upload.SaveFilePartRequest | functions.upload.SaveBigFilePartRequest,
) -> bool:
    files.keep_part(call.account, request.file_id, request.file_part, request.bytes)
    return True


def _get_part(call: Call, request: functions.upload.GetFileRequest) -> types.upload.File:
    if request.offset % _STEP:
        raise Refusal(400, "OFFSET_INVALID")
    if not 0 < request.limit <= _LONGEST or request.limit % _STEP:
        raise Refusal(400, "LIMIT_INVALID")
    found = files.find_document(call.world, request.location)
    if found is None:
        raise Refusal(400, "LOCATION_INVALID")
    document, data = found
    if document.dc_id != call.world.elsewhere.get(call.session.key_id, HOME):
        raise Refusal(303, f"FILE_MIGRATE_{document.dc_id}")
    part = data[request.offset : request.offset + request.limit]
    kind, at = types.storage.FileUnknown(), int(now().timestamp())
    return types.upload.File(type=kind, mtime=at, bytes=part)


METHODS: dict[type, Method] = {
    functions.upload.SaveFilePartRequest: _save_part,
    functions.upload.SaveBigFilePartRequest: _save_part,
    functions.upload.GetFileRequest: _get_part,
}
