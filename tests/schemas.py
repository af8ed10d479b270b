"""Databases as earlier releases made them."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine

from app.settings import shipped


def earlier_revisions() -> list[str]:
    """Name the revisions before the newest, the latest first."""
    _, *earlier = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in earlier]


def take_back(url: str, revision: str = "-1") -> None:
    """Give a database the schema of an earlier revision, by default the one before the newest."""
    config = _config()
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    return config
