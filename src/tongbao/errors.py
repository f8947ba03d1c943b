"""The one error type that a user of Tongbao sees: it says what, where and what to do next."""


class TongbaoError(Exception):
    """A failure that the user can act on.

    Args:
        message: what is wrong, in a sentence.
        place: the file and place (line, cell, circular id) it was found in.
        remedy: the next thing to do.
    """

    def __init__(self, message: str, *, place: str = "", remedy: str = "") -> None:
        self.message, self.place, self.remedy = message, place, remedy
        parts = [f"{place}: {message}" if place else message]
        if remedy:
            parts.append(f"What to do: {remedy}")
        super().__init__("\n".join(parts))
