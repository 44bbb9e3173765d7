"""``dateline demo``: the whole service against a Telegram of its own, on this machine."""
