"""What the bot says of collections."""

from storage.languages.records import Texts, text


class CollectionWords(Texts, frozen=True, kw_only=True):
    """``name`` is a collection's, ``posts`` a counted noun, ``example`` a command to copy."""

    CONTEXT = "collections"

    first_name: str = "Saved"
    guide: str = (
        "Which post? Answer its alert with /save, or give the post's link; behind it a name, and "
        "after a colon a note, if you like."
    )
    a_list: str = "That message is a list. Give the link of the post that you mean."
    not_stored: str = "I have not stored that post, so I can't save it: {link}"
    saved: str = "Saved to {name}, which holds {posts} now."
    there: str = "It is in {name} already, which holds {posts}."
    noted: str = "It is in {name} already; its note is yours now."
    saved_toast: str = "Saved to {name} ({count}). All of them: /collections"
    there_toast: str = "It is in {name} already. All of them: /collections"
    undo_save: str = "↩️ Undo"
    full: str = "{name} is full: it holds {posts}. Save to another one, by its name."
    too_many: str = "There are {count} collections here, the most that there may be. Remove one."
    save_button: str = "📌 Save"
    none: str = (
        "Nothing is saved here yet. Answer an alert with /save, or press 📌 Save behind its ⋯ "
        "button."
    )
    none_named: str = "No collection is called {name}."
    title: str = "Collections: {count}"
    hint: str = "Press one to read it, to take it along as a file, or to remove it."
    by_day: str = text("Saved by day:", note="Below it: 7 days: 3 posts, and a line of bars.")
    empty: str = "Nothing is in it."
    gone: str = "That collection is gone."
    post_gone: str = "a post that is not kept any more"
    deleted: str = "deleted in its channel"
    open_button: str = "📁 Open {name}"
    take_out_button: str = "✕ {number}"
    taken_out: str = "Removed from {name}."
    page_button: str = "⬇️ Page (HTML)"
    text_button: str = "⬇️ Text"
    restored: str = "It is back."
    not_restored: str = "There is another of that name by now, or there are too many."
    back_button: str = "‹ All collections"
    note: str = "Note: {note}"
    made: str = "Made {when} with Dateline"
    file_caption: str = "The collection as a brief. Posts in it: {count}."
    take_out_hint: str = "✕ removes a post from it."


def collection_words(language: str) -> CollectionWords:
    """What is said in a language: English where there is no other."""
    return CollectionWords.of(language)
