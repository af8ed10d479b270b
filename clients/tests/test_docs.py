"""What docs/clients.md shows in Python, TypeScript and a shell is what is printed.

The blocks of a language are one program, as they are to a reader who goes from one to the
next; each prints what the block of `text` after it says.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from clients.blocks import (
    CLIENTS_PAGE,
    ROOT,
    SHELL,
    SHOWN_ADDRESS,
    Block,
    alike,
    blocks,
    check_commands,
)
from clients.service import free_port

SDK = ROOT / "build" / "sdk"
END = "--- the end of a block ---"
SHOWN_PORTS = ("4010", "8001")  # of what the page starts itself


def _program(shown: Sequence[Block], service: str, end: str) -> str:
    text = "".join(f"{block.code}{end}\n" for block in shown)
    return text.replace(SHOWN_ADDRESS, service)


def _run(command: Sequence[str | Path], folder: Path) -> str:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{command}:\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def _compare(shown: Sequence[Block], printed: str) -> None:
    for block, told in zip(shown, printed.split(f"{END}\n"), strict=False):
        assert alike(block.printed, told), f"{block} prints other than it says"
    assert printed.count(END) == len(shown)


def test_python_blocks(service: str, tmp_path: Path) -> None:
    """They have no wrong type by mypy --strict, and print what is shown."""
    shown = blocks(CLIENTS_PAGE, "python")
    program = tmp_path / "shown.py"
    program.write_text(_program(shown, service, f"print({END!r})"), encoding="utf-8")
    _run([sys.executable, "-m", "mypy", "--strict", "--config-file=", program], tmp_path)
    _compare(shown, _run([sys.executable, program], tmp_path))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in TypeScript that has installed the client."""
    folder = tmp_path_factory.mktemp("project")
    folder.joinpath("package.json").write_text(json.dumps({"private": True, "type": "module"}))
    settings = json.loads(ROOT.joinpath("clients", "tsconfig.json").read_text())
    settings["compilerOptions"] |= {"noEmit": True, "allowImportingTsExtensions": True}
    folder.joinpath("tsconfig.json").write_text(json.dumps({**settings, "include": ["*.ts"]}))
    [package] = SDK.glob("*.tgz")
    _run(["npm", "install", "--offline", "--no-audit", "--no-fund", str(package)], folder)
    return folder


def test_typescript_blocks(service: str, project: Path) -> None:
    """They have no wrong type by tsc's strict rules, and print what is shown."""
    shown = blocks(CLIENTS_PAGE, "typescript")
    program = project / "shown.ts"
    program.write_text(_program(shown, service, f"console.log({END!r})"), encoding="utf-8")
    tsc = shutil.which("tsc")
    assert tsc is not None
    _run([tsc, "--project", project], project)
    _compare(shown, _run(["node", program], project))


def test_shell_blocks(service: str, tmp_path: Path) -> None:
    """Prism answers by the document, and a service on ten rows better."""
    tmp_path.joinpath("node_modules").symlink_to(ROOT / "clients" / "node_modules")
    ports = {port: str(free_port()) for port in SHOWN_PORTS}
    replaced = {SHOWN_ADDRESS: service, **ports}
    check_commands(blocks(CLIENTS_PAGE, *SHELL), tmp_path, replaced)
