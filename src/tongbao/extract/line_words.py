"""Where the words of a line begin: a short numbered statement is its own heading, and says something all the same."""

from tongbao.extract.document import Line


def words_begin(text: str, line: Line) -> int:
    """Return where a line's words begin, those of its own heading included.

    Example: （一）县区网站最低扣4分。 is a heading without content; its words begin behind （一）.
    """
    own = next((h for h in line.path if h.start >= line.start and h.words), None)
    return max(text.find(own.words, own.start, line.end), line.start) if own else line.content
