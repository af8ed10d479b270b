"""Validators as requests send them (RFC 9110, section 13.1.2)."""


def tags_of(sent: str) -> list[str]:
    """Return the tags of If-None-Match, which are compared weakly."""
    return [tag.strip().removeprefix("W/") for tag in sent.split(",")]


def names(sent: str, etag: str) -> bool:
    """Tell whether If-None-Match names an answer's tag."""
    tags = tags_of(sent)
    return etag in tags or "*" in tags
