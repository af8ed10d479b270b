"""Databases that are built: the schema's migrations, and whole new datasets beside the served one."""

import glob
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock
from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    Text,
    column,
    create_engine,
    event,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError

from app.database import NoDatabaseError, Reader, sqlite_path
from app.settings import shipped
from app.signature import refuse_foreign, sign

# Any number that no other program locks in the same database.
_ADVISORY_LOCK = 7_247_686_310
_REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_DOWN_REVISION = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
_VERSIONS = "alembic_version"
_UNTOLD = ("_grams", "_sorted")
# Settings have no expression; the cache is in KiB, and threads are those that help to sort.
_HURRIED = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144", "threads = 2")
# Of a new file: a page holds several rows with their bodies, of which one of 4,096 bytes mostly holds one.
_PAGES = "page_size = 8192"


class NewerSchemaError(Exception):
    """A database whose schema is of a newer release."""


@contextmanager
def replacing(url: str) -> Iterator[Connection]:
    """Write a whole new dataset: it takes the old one's place when the block ends, or never.

    SQLite gets a new, empty file beside the served one, which an atomic rename replaces. PostgreSQL
    gets one transaction on the tables as they are; readers go on with what they see. Raises
    NewerSchemaError and ForeignFileError.
    """
    path = sqlite_path(url)
    if path is None:
        migrate(url)
        with _writing_engine(url).begin() as connection:
            _lock_advisory(connection)
            yield connection
        return
    refuse_foreign(path)
    with suppress(DBAPIError):  # A file of ours that is damaged is replaced by a whole one.
        revision(url)
    with _building(path) as building:
        engine = _building_engine(building)
        with engine.begin() as connection:
            _upgrade(connection)
            sign(connection)
        with engine.begin() as connection:
            yield connection
        _take_place(building, path)


def migrate(url: str) -> bool:
    """Bring a database to the newest schema, and tell whether there was something to do.

    Several may run at once. A SQLite file is never changed under its readers: a copy is migrated and
    takes its place. Raises what `revision` raises, and ForeignFileError.
    """
    if is_newest(url):
        return False
    path = sqlite_path(url)
    if path is None:
        with _writing_engine(url).begin() as connection:
            _lock_advisory(connection)
            return _upgrade(connection)
    refuse_foreign(path)
    with _building(path) as building:
        if path.exists():
            shutil.copyfile(path, building)
        with _writing_engine(f"sqlite:///{building}").begin() as connection:
            changed = _upgrade(connection)
            sign(connection)
        if changed:
            _take_place(building, path)
    return changed


@contextmanager
def _building(path: Path) -> Iterator[Path]:
    """Name a file beside a served one to build the next one in, alone, and leave none behind.

    What a killed build left goes first, its journal too: SQLite would play that into another file of
    the same name.
    """
    with _file_lock(path):
        building = path.with_name(f"{path.name}.{os.getpid()}.building")
        _remove_builds(path)
        try:
            yield building
        finally:
            _remove_builds(path)


def _remove_builds(path: Path) -> None:
    for left in path.parent.glob(f"{glob.escape(path.name)}.*.building*"):
        left.unlink()


def in_metadata(name: str | None, *_: object) -> bool:
    """Tell Alembic whether the tables tell of a name: they don't of indexes of trigrams and of sorts."""
    return name is None or not (name.startswith("text_grams") or name.endswith(_UNTOLD))


def revision(url: str) -> str | None:
    """Return the revision of a database's schema, None where there is none yet.

    It asks without Alembic, which takes a while to import. Raises NewerSchemaError, and what
    connecting raises where the database can't be read.
    """
    reader = Reader(url)
    named = select(column("version_num", Text)).select_from(table(_VERSIONS))
    try:
        with reader.connect() as connection:
            if not inspect(connection).has_table(_VERSIONS):
                return None
            found = connection.scalar(named)
    except NoDatabaseError:
        return None
    finally:
        reader.close()
    if found is not None and found not in _revisions()[0]:
        raise NewerSchemaError(found)
    return found


def is_newest(url: str) -> bool:
    """Tell whether a database has the newest schema; raises what `revision` raises."""
    return revision(url) == _revisions()[1]


def _revisions() -> tuple[set[str], str]:
    """Return all revisions that this release knows, and the one that no other comes after."""
    scripts = (shipped("migrations") / "versions").glob("*.py")
    texts = [script.read_text(encoding="utf-8") for script in scripts]
    known, before = (
        {found[1] for text in texts if (found := pattern.search(text))}
        for pattern in (_REVISION, _DOWN_REVISION)
    )
    [newest] = known - before
    return known, newest


def _upgrade(connection: Connection) -> bool:
    from alembic import command  # noqa: PLC0415  # a quarter of a second that serving can do without
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    head = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == head:
        return False
    command.upgrade(config, "head")
    return True


def _building_engine(path: Path) -> Engine:
    """Write a file that nobody reads, and that is thrown away where it isn't finished.

    It needs no journal to go back by, and one sync when it is whole does for all of them.
    """
    engine = _writing_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _hurry(connection: sqlite3.Connection, _: object) -> None:
        for setting in (_PAGES, *_HURRIED):
            connection.execute(f"PRAGMA {setting}")

    return engine


def _writing_engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def _file_lock(path: Path) -> FileLock:
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path.with_name(f"{path.name}.lock"))


def _lock_advisory(connection: Connection) -> None:
    # SQLAlchemy has no expression for PostgreSQL's advisory locks.
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _take_place(building: Path, path: Path) -> None:
    """Put a finished file in the place of the served one, safe against a crash at any moment."""
    _sync(building)
    building.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
