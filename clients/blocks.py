"""The fenced blocks of the pages for readers: code, and what it prints.

A block of `console` has commands after `$ ` with what each prints; a block of another language prints
the block of `text` that follows it. In what is printed `…` stands for what isn't shown: the rest of a
line, or where it is a line, any lines.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
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
CLIENTS_PAGE = ROOT / "docs" / "clients.md"
DEPLOY_PAGE = ROOT / "docs" / "deploy.md"
SHOWN_ADDRESS = "localhost:8000"  # pages show the address of `make serve`
SHELL = ("console", "sh")
CODE = (*SHELL, "python", "typescript")
NOT_RUN = "not-run"
SECONDS = 120
_END = "--- the end of a command ---"


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
        return f"{self.page}:{self.line}"

    def commands(self) -> Iterator[tuple[str, str]]:
        """Return the commands of a shell, each with what it prints.

        A command goes on after a line that ends with `|` or a backslash.
        """
        if self.language != "console":
            yield self.code, self.printed
            return
        for shown in re.split(r"^\$ ", self.code, flags=re.MULTILINE)[1:]:
            match = re.match(r"(?:.*[|\\]\n)*.*\n", shown)
            assert match, f"{self}: a command without an end"
            yield match[0], shown[match.end() :]


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


def infos(page: Path) -> Iterator[tuple[str, str]]:
    """Return what each block of a page says that it is, nothing where it is indented, and its code."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type in {"fence", "code_block"}:
            yield token.info, token.content


def alike(told: str, printed: str) -> bool:
    """Tell whether a program has printed what a page tells."""
    pattern = re.escape(told)
    pattern = re.sub(r"^…(?:\\\n|\Z)", r"(?:.*\\n)*?", pattern, flags=re.MULTILINE)
    return re.fullmatch(pattern.replace("…", ".*"), printed) is not None


def check_commands(shown: Sequence[Block], folder: Path, replaced: Mapping[str, str]) -> None:
    """Run the commands of a page in one shell, in a folder that has what a checkout has.

    What the page says of addresses is replaced by what they are here. Raises AssertionError where a
    command fails, or prints other than the page says.
    """
    for name in (".venv", "build", "clients", "seed_data"):
        folder.joinpath(name).symlink_to(ROOT / name)
    commands = [(block, *command) for block in shown for command in block.commands()]
    script = "".join(f"{command}echo '{_END}' $?\n" for _, command, _ in commands)
    words = "|".join(map(re.escape, replaced))
    script = re.sub(rf"\b({words})\b", lambda match: replaced[match[0]], script)
    shell = subprocess.Popen(
        ["bash"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        stdout, stderr = shell.communicate(script, SECONDS)
    finally:
        # With whatever goes on in the background.
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)
    ran = re.findall(rf"(.*?){_END} (\d+)\n", stdout, re.DOTALL)
    assert len(ran) == len(commands), f"{stdout}\n{stderr}"
    for (block, command, told), (printed, status) in zip(commands, ran, strict=True):
        assert status == "0", f"{block}: {command}fails: {printed}{stderr}"
        assert alike(told, printed), f"{block}: {command}prints {printed}{stderr}"
