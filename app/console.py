"""What the commands share: where they print, their settings, and how a dataset is loaded and refused."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sized
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from app.settings import Settings

out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

_PASSWORD = re.compile(r"(?<=:)(?<!://)[^/:@]*(?=@)")


def configured() -> "Settings":
    """Read the settings, or say which variable is wrong."""
    from pydantic import ValidationError

    from app.settings import read_settings

    try:
        return read_settings()
    except ValidationError as error:
        for problem in error.errors():
            variable = f"AIROUNDS_{problem['loc'][0]}".upper()
            reason = problem["msg"].removeprefix("Value error, ")
            given = _PASSWORD.sub("***", repr(problem["input"]))
            err.print(f"{variable}: {given}: {reason}")
        raise typer.Exit(2) from None


def seed() -> Path:
    """Return the folder of the seed dataset."""
    from app.settings import shipped

    return shipped("seed_data")


def separate(settings: "Settings") -> None:
    """Make the roles of PostgreSQL that the settings name, and say which were missing."""
    if settings.owner_url:
        from app.roles import separate_roles

        made = separate_roles(settings.database_url, settings.owner_url, settings.admin_url)
        for name in made:
            out.print(f"Made the role {name}")


def prepare(settings: "Settings") -> None:
    """Migrate and load only what is missing, and say so; refuse to serve as one that may write."""
    from app.dataset.present import loaded, rendering_hash
    from app.schema import migrate as upgrade

    _refuse_writer(settings)
    url = settings.writing_url
    if settings.owner_url and _is_whole(settings.database_url):
        url = settings.database_url  # Replicas serve while the host that takes writes is away.
    if upgrade(url):
        out.print("Migrated the database to the newest schema")
    present = loaded(url)
    if present is None:
        load_folder(seed(), url)
    elif present[1] != rendering_hash():
        from app.dataset.export import export as write

        out.print(f"Dataset {present[0]} was rendered by another release: rendering it anew")
        with tempfile.TemporaryDirectory() as folder:
            write(url, Path(folder))
            load_folder(
                Path(folder), url, advice="airounds export DIR writes it: mend it and load DIR"
            )
    else:
        out.print(f"Dataset {present[0]} is loaded")


def _is_whole(url: str) -> bool:
    """Tell whether a database lacks nothing that serving needs."""
    from app.dataset.present import loaded, rendering_hash
    from app.schema import is_newest

    return (
        is_newest(url) and (present := loaded(url)) is not None and present[1] == rendering_hash()
    )


def _refuse_writer(settings: "Settings") -> None:
    from app.database import sqlite_path

    if settings.serve_as_owner or sqlite_path(settings.database_url):
        return  # A file is opened read-only.
    from app.roles import may_write

    if may_write(settings.database_url):
        err.print(
            "the role of AIROUNDS_DATABASE_URL may write: serve as one that only reads, which "
            "airounds migrate makes (AIROUNDS_OWNER_URL), or set AIROUNDS_SERVE_AS_OWNER=true"
        )
        raise typer.Exit(1)


def load_folder(folder: Path, url: str, advice: str = "") -> None:
    """Load a dataset with a progress bar; where it has errors, print them and exit."""
    from rich.progress import Progress

    from app.dataset.check import InvalidDatasetError
    from app.dataset.load import load as load_dataset

    with Progress(console=err, disable=not err.is_terminal) as bar:
        task = bar.add_task("Loading", total=None)
        try:
            version = load_dataset(
                folder,
                url,
                lambda stage, done, total: bar.update(
                    task, description=stage, completed=done, total=total
                ),
            )
        except InvalidDatasetError as error:
            refuse(error, error.findings, f"nothing was loaded{'; ' if advice else ''}{advice}")
    out.print(f"Loaded dataset {version}")


def why_unusable(error: Exception) -> str | None:
    """Say why the database can't be used, and what to do; None of what isn't the database's fault."""
    from app.settings import read_settings
    from app.unusable import explain

    return explain(error, read_settings().database_url)


def counts(records: Mapping[str, Sized]) -> str:
    """Say how many rows each file of a dataset has."""
    return ", ".join(f"{len(rows)} {Path(file).stem}" for file, rows in records.items())


def refuse(error: Exception, findings: Iterable[object], consequence: str) -> NoReturn:
    """Print why the data says no, and what that means, and exit with 1."""
    for found in findings:
        err.print(f"error: {found}", style="red")
    err.print(f"{error}: {consequence}")
    raise typer.Exit(1) from None
