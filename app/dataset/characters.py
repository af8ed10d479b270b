"""The characters that a cell may hold: text on one line, which reads in the order that it stands in."""

import re
from collections.abc import Collection

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_UNCLEAN = re.compile("|".join(one.pattern for one in (_SURROGATE, _CONTROL, _TURNING)))
_BREAK = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85]")


def unclean(text: str) -> str | None:
    """Say what a cell may not hold, if it holds such."""
    if _SURROGATE.search(text):
        return "not UTF-8 text"
    if _CONTROL.search(text):
        return "has a control character or a line break"
    if _TURNING.search(text):
        return "has an invisible character that turns the direction of the text around it"
    if text != text.strip():
        return "has spaces around it"
    return None


def all_clean(texts: Collection[str]) -> bool:
    """Tell whether all cells of a row may be as they are: the quick question, asked of every row."""
    if _UNCLEAN.search("".join(texts)):
        return False
    return all(text == text.strip() for text in texts)


def one_line(text: str) -> str:
    """Return a text as a cell may hold it, on one line and without characters that nobody sees."""
    return " ".join(_TURNING.sub("", _CONTROL.sub(" ", text)).split())


def hides_something(text: str) -> bool:
    """Tell whether putting a text on one line drops more of it than spaces and line breaks."""
    return bool(_TURNING.search(text) or _CONTROL.search(_BREAK.sub("", text)))
