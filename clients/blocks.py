"""The fenced blocks of the pages for readers: code, and what it prints."""

from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "seed_data/*.md")
    for page in ROOT.glob(pattern)
    if page.name != "CHANGELOG.md"
)
SHOWN_ADDRESS = "localhost:8000"  # pages show the address of `make serve`


@dataclass(frozen=True, slots=True)
class Block:
    """Code of a page, and the text that follows it: what it prints, as the page says."""

    page: Path
    line: int
    language: str
    code: str
    printed: str

    def __str__(self) -> str:
        """Say where it stands."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, *languages: str) -> list[Block]:
    """Return the blocks of some languages, each with a block of `text` that follows it at once."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    found = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "fence" and token.info in languages and token.map:
            told = following is not None and following.type == "fence" and following.info == "text"
            printed = following.content if told and following else ""
            found.append(Block(page, token.map[0] + 1, token.info, token.content, printed))
    return found
