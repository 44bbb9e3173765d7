"""What ``dateline setup`` says."""

WELCOME = """\
Dateline watches Telegram channels and tells people what they asked for. It needs a few things from
you; each is tried as soon as you give it, and kept in {path}.
Ctrl-C stops at any time; `dateline setup` then goes on where you were."""
AGAIN = "Going on with {path}: what is set there is not asked for again."
APPLICATION = """
1/6  An application, so that Telegram lets us in
     Log in at https://my.telegram.org, open "API development tools", create an application; any
     name will do. It shows an api_id (a number) and an api_hash.
"""
BOT = """
2/6  The bot that people talk to
     In Telegram, write /newbot to @BotFather and choose a name. It answers with a token like
     123456789:AAH-…
"""
ACCOUNT = """
3/6  The account that reads
     Bots see only channels that they are members of, so a user account does the reading: an
     established one, used for nothing else if you can. It stays logged in here, in {folder}.
"""
PHONE = "     Phone number, like +49301234567 (Enter: no account, public channels alone)"
OTHER_PHONE = "     Phone number, like +49301234567 (Ctrl-C: stop)"
CHANNELS = """
4/6  The channels to watch
     @name, a t.me link or a number; several with commas between them. Public ones need not be
     joined.
"""
OPERATOR = """
5/6  You
     The operator adds channels in the chat and is told of trouble. Send /start to @{bot}
     (https://t.me/{bot}): it answers with a code. Your numeric id will do too.
"""
MANNERS = """
6/6  Language and time, for people who have chosen none
"""
LAST_LOOK = """
That is all. A last look:"""
NEXT = """
What next:
  dateline run{options}
  and in Telegram, to @{bot}:  /start, then /alert and a word"""
PUBLIC_ONLY = "     Without an account public channels are read, by their web previews."
NOT_REACHED = """\
     {reason}
     Where Telegram is blocked, a proxy helps: socks5://…, http://… or a t.me/proxy link."""
STOPPED = "setup: stopped; what you gave is kept in {path}; run `dateline setup` to go on"
