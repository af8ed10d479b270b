"""The commands of airounds: the only file that sees both the writing and the serving side."""

import json
import os
import socket
import sys
import tempfile
from contextlib import ExitStack, nullcontext, redirect_stdout
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import (
    configured,
    counts,
    err,
    load_folder,
    out,
    prepare,
    refuse,
    seed,
    separate,
    why_unusable,
)

if TYPE_CHECKING:
    from app.settings import Settings

app = typer.Typer(
    name="airounds",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
# Most of what is imported till a process serves.
_BEFORE_SERVING = ("app.dataset.present", "app.serving.config")
Out = Annotated[Path, typer.Option("--out", help="The new dataset's folder.", show_default=False)]
Folder = Annotated[
    Path | None,
    typer.Argument(exists=True, file_okay=False, help="The dataset's folder; by default the seed."),
]


def _print_version(asked: bool) -> None:  # typer hands the flag over so
    if asked:
        out.print(version("airounds"))
        raise typer.Exit


@app.callback()
def airounds(
    *,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Serve funding rounds of AI startups, with a source for every figure."""


@app.command()
def serve(
    *,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="How many processes serve; by default AIROUNDS_WORKERS, else 1."),
    ] = None,
) -> None:
    """Migrate and load what is missing, and serve the API.

    AIROUNDS_HOST, AIROUNDS_PORT, AIROUNDS_DATABASE_URL and other variables say where and how.
    """
    if workers is not None:
        # The processes that serve read the settings by themselves.
        os.environ["AIROUNDS_WORKERS"] = str(workers)
    from app.serving.process import without_collecting

    with without_collecting():
        settings = configured()
        for module in _BEFORE_SERVING:
            import_module(module)
    with ExitStack() as stack:
        if settings.metrics_port is not None:
            _share_metrics(settings.host, settings.metrics_port, stack)
        _serve(settings)


def _share_metrics(host: str, port: int, stack: ExitStack) -> None:
    """Answer Prometheus, and tell the processes to come where they share what they count."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="airounds-metrics-"))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    from app.metrics import serve_metrics

    try:
        serve_metrics(host, port, Path(folder))
    except OSError as error:
        err.print(
            f"{host}:{port} can't be listened on: {error.strerror}; set AIROUNDS_METRICS_PORT"
        )
        raise typer.Exit(1) from None


def _serve(settings: "Settings") -> None:
    from uvicorn import Server
    from uvicorn.supervisors import Multiprocess

    from app.logs import as_json
    from app.serving.config import ServerConfig

    address = f"http://{settings.host}:{settings.port}"
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        err.print(f"{address} can't be listened on: {error.strerror}; set AIROUNDS_HOST or _PORT")
        raise typer.Exit(1) from None
    with listener:
        # Where the log is JSON, nothing else is written there.
        with redirect_stdout(sys.stderr) if as_json(settings.log_format) else nullcontext():
            prepare(settings)
            out.print(f"Serving on {address}")
        config = ServerConfig(settings, workers=settings.workers)
        if config.workers == 1:
            Server(config).run(sockets=[listener])
        else:
            # They share the listening socket and the dataset's file or server, and nothing else.
            Multiprocess(config, sockets=[listener]).run()


@app.command()
def check(
    folder: Folder = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print findings as JSON.")] = False,
) -> None:
    """Check every row of a dataset, and name each error and each doubt."""
    from app.dataset.check import check_rows
    from app.dataset.doubts import doubts
    from app.dataset.findings import Level, in_order
    from app.dataset.read import read_dataset

    dataset, errors = read_dataset(folder or seed())
    errors += check_rows(dataset)
    findings = in_order(errors) if errors else in_order(doubts(dataset))
    warnings = [found for found in findings if found.level is Level.WARNING]
    if as_json:
        listed = {
            "ok": not errors,
            "errors": [found.as_dict() for found in findings if found.level is Level.ERROR],
            "warnings": [found.as_dict() for found in warnings],
        }
        out.print_json(json.dumps(listed))
    else:
        for found in findings:
            style = "red" if found.level is Level.ERROR else "yellow"
            out.print(f"{found.level}: {found}", style=style)
        out.print(f"{len(errors)} errors, {len(warnings)} warnings")
    raise typer.Exit(1 if errors else 0)


@app.command("new-fact")
def new_fact(folder: Folder = None) -> None:
    """Ask for one claim in a terminal, and add its rows to a dataset.

    Tab completes an answer from the dataset; Ctrl-C stops, and nothing is written.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        err.print("new-fact asks its questions in a terminal, and this isn't one")
        raise typer.Exit(2)
    from app.settings import in_checkout

    if folder is None and not in_checkout():
        err.print(
            "name the dataset's folder: the seed of an installed release isn't yours to change"
        )
        raise typer.Exit(2)
    from app.dataset.check import InvalidDatasetError, read_checked
    from app.dataset.new_fact.append import append, require_writable
    from app.dataset.new_fact.conversation import ask_fact
    from app.dataset.new_fact.review import confirmed
    from app.dataset.new_fact.terminal import PromptTerminal

    chosen, terminal = folder or seed(), PromptTerminal()
    try:
        require_writable(chosen)
        dataset = read_checked(chosen)
        rows = ask_fact(dataset, terminal, datetime.now().astimezone().date())
        if not confirmed(dataset, rows, terminal):
            raise EOFError
        append(chosen, rows)
    except (KeyboardInterrupt, EOFError):
        err.print("Stopped: nothing was written")
        raise typer.Exit(1) from None
    except OSError as error:
        refuse(error, [], "nothing was written")
    except InvalidDatasetError as error:
        refuse(error, error.findings, "nothing was written")
    out.print(f"Added to {', '.join(rows)} in {chosen}")


@app.command()
def load(folder: Folder = None) -> None:
    """Load a dataset into the database: all of it, or nothing where it has errors."""
    load_folder(folder or seed(), configured().writing_url)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to write it.")],
) -> None:
    """Write the loaded dataset back to a folder, in normal form."""
    from app.dataset.export import export as write
    from app.dataset.present import loaded

    url = configured().database_url
    if loaded(url) is None:
        err.print("no dataset is loaded: run airounds load")
        raise typer.Exit(1)
    write(url, folder)
    out.print(f"Wrote the dataset to {folder}")


@app.command("import")
def import_figures(
    name: Annotated[
        str, typer.Argument(metavar="IMPORTER", help="Whose files they are, such as epoch.")
    ],
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Where they are.")
    ],
    out_folder: Out,
    retrieved_on: Annotated[
        str | None, typer.Option(help="The day on which they were fetched; by default today.")
    ] = None,
) -> None:
    """Turn another collection's files into a dataset, and name what can't be taken over.

    epoch: ai_companies_funding_rounds.csv and ai_companies_revenue_reports.csv of Epoch AI's hub of AI
    companies, one of them or both, under the names of their columns there.
    """
    from app.dataset.check import InvalidDatasetError
    from app.dataset.imported import UnusableInputError, importer, importer_names
    from app.dataset.write import FolderTakenError, refuse_taken
    from app.dates import parse_partial_date

    if name not in importer_names():
        known = ", ".join(importer_names())
        raise typer.BadParameter(f"there is no importer {name}; there are: {known}")
    try:
        day = parse_partial_date(retrieved_on or datetime.now(UTC).date().isoformat())
    except ValueError as error:
        raise typer.BadParameter(f"--retrieved-on: {error}") from None
    try:
        refuse_taken(out_folder)
        imported = importer(name)(folder, day)
        for note in imported.notes:
            err.print(f"note: {note}", style="yellow")
        imported.write(out_folder)
    except (UnusableInputError, InvalidDatasetError) as error:
        refuse(error, error.findings, "nothing was written")
    except (FolderTakenError, OSError) as error:
        refuse(error, [], "nothing was written")
    out.print(f"Wrote {counts(imported.records)} to {out_folder}; {len(imported.notes)} notes")


@app.command("merge")
def merge_datasets(
    ours: Annotated[
        Path, typer.Argument(metavar="A", exists=True, file_okay=False, help="A dataset.")
    ],
    theirs: Annotated[
        Path, typer.Argument(metavar="B", exists=True, file_okay=False, help="What joins it.")
    ],
    out_folder: Out,
) -> None:
    """Join two datasets into a new one, and list what a person has to decide."""
    from app.dataset.check import InvalidDatasetError, read_checked
    from app.dataset.merge import merge
    from app.dataset.write import FolderTakenError, refuse_taken, write_new

    try:
        refuse_taken(out_folder)
        merged = merge(read_checked(ours), read_checked(theirs))
        write_new(out_folder, merged.records, merged.datapackage)
    except InvalidDatasetError as error:
        refuse(error, error.findings, "nothing was written")
    except (FolderTakenError, OSError) as error:
        refuse(error, [], "nothing was written")
    for pair in merged.undecided:
        out.print(f"undecided: {pair}", style="yellow")
    out.print(f"Wrote {counts(merged.records)} to {out_folder}; {len(merged.undecided)} undecided")


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema, and make PostgreSQL's roles that are missing."""
    from app.schema import migrate as upgrade

    settings = configured()
    separate(settings)
    changed = upgrade(settings.writing_url)
    out.print("Migrated to the newest schema" if changed else "The schema is the newest")


@app.command("mcp")
def serve_mcp() -> None:
    """Answer an MCP client over standard input and output, until it closes them.

    Migrates and loads what is missing first, as serve does. The client starts this command itself.
    """
    try:
        from app.mcp.server import serve_stdio
    except ModuleNotFoundError:
        err.print("airounds mcp needs more than is installed: pip install 'airounds[mcp]'")
        raise typer.Exit(1) from None
    from app.main import create_app

    settings = configured()
    with redirect_stdout(sys.stderr):  # standard output is the client's
        prepare(settings)
    if sys.stdin.isatty():
        err.print("Waiting for an MCP client, which starts this itself: docs/mcp.md tells how")
    serve_stdio(create_app(settings))


@app.command("openapi")
def print_openapi() -> None:
    """Print the OpenAPI document."""
    from app.database import Reader
    from app.main import create_api

    api = create_api(Reader(configured().database_url))
    typer.echo(json.dumps(api.openapi(), indent=2, ensure_ascii=False))


def main() -> None:
    """Run a command; where the database can't be used, say why in a line and exit with 1."""
    try:
        app()
    except Exception as error:
        reason = why_unusable(error)
        if reason is None:
            raise
        err.print(reason)
        sys.exit(1)
