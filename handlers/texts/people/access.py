"""What is said of who may use a private instance."""

from storage.languages.records import Texts, text


class AccessWords(Texts, frozen=True, kw_only=True):
    """``{names}`` stand for values."""

    CONTEXT = "access"
    ask: str = "Ask the operator"
    asked: str = "Asked. You will be told here when you are let in."
    asked_already: str = "You have asked; the operator has not answered yet."
    denied_lately: str = "The operator said no. You can ask again a week after that."
    busy: str = "Many are waiting for an answer. Try again later."
    request: str = "{name} (id {id}) asks to be let in."
    allow: str = "Allow"
    deny: str = "Deny"
    allowed: str = "{name} (id {id}) is let in."
    denied: str = "{name} (id {id}) is not let in."
    settled: str = "That has been answered already."
    let_in: str = "You are let in. Send /start to begin."
    unknown_name: str = "Nobody called {name} has written to the bot. Give the id instead."
    setup_code: str = text(
        "Your code is {code}. Type it where `dateline setup` asks for it.",
        note="To whoever sets it all up.",
    )
    users_title: str = "Let in: {count}"
    users_none: str = "Nobody is let in yet. Make a link with /invite."
    revoked: str = "{name} is let in no more. Alerts are kept, but nothing is sent."
    let_in_again: str = "{name} is let in as before. What was posted meanwhile is not told."
    invite_made: str = "This link lets in {people}, until {end}:\n{link}"
    invites_title: str = "Invitations that are open:"
    invites_none: str = "No invitation is open."
    invite_row: str = text("{people}, until {end}", note="5 people, until Friday")
    invite_usage: str = "How many people (1 to 1000), and until when, at most a year ahead:"
    link_made: str = "Whoever opens this sees what it finds, until {end}:\n{link}"
    link_revoke: str = "✕ Remove the link"
    link_revoked: str = "The link leads nowhere any more."


def access_words(language: str) -> AccessWords:
    """What is said in a language: English where there is no other."""
    return AccessWords.of(language)
