"""The watched channels as chats see them and the operator changes them."""
