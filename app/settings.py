"""The settings of airounds: the only reader of the environment."""

import re
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
DEFAULT_PORT = 8000
_HOST_NAME = re.compile(r"\*|[a-z0-9._-]+|[0-9a-f]*:[0-9a-f:]*")
_PROXY = "an address, a network such as 10.0.0.0/8, or *"
FEWEST_CONNECTIONS = 4
"""Of a worker to PostgreSQL: for a short answer, a slow one, a long export, and what watches."""
_THIS_MACHINE = ["localhost", "127.0.0.1", "::1"]


def shipped(folder: str) -> Path:
    """Return a folder that comes with airounds: beside `app` in a checkout, inside it in a wheel."""
    beside = _CHECKOUT / folder
    return beside if in_checkout() else _PACKAGE / folder


def in_checkout() -> bool:
    """Tell whether airounds runs from a checkout of its repository."""
    return (_CHECKOUT / "pyproject.toml").exists() and (_CHECKOUT / "seed_data").is_dir()


def _default_database_url() -> str:
    folder = _CHECKOUT / "data" if in_checkout() else Path(platformdirs.user_data_dir("airounds"))
    return f"sqlite:///{folder / 'airounds.db'}"


def _database_url(text: str) -> str:
    """Check the URL and name the driver that we use."""
    try:
        url = make_url(text)
        if url.get_backend_name() == "postgresql":
            url.get_dialect()().create_connect_args(url)  # which reads the hosts of a query
    except (ArgumentError, ValueError):
        raise ValueError(
            "not a database URL: write sqlite:///path or postgresql://user@host/name"
        ) from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return text
        case "postgresql":
            with_driver = url.set(drivername="postgresql+psycopg")
            return with_driver.render_as_string(hide_password=False)
        case "sqlite":
            raise ValueError("a dataset lives in a file: write sqlite:///path")
        case name:
            raise ValueError(f"{name} isn't served: write sqlite:///path or postgresql://…")


def _proxy(text: str) -> str:
    if text != "*":
        try:
            ip_network(text)
        except ValueError:
            raise ValueError(f"write {_PROXY}") from None
    return text


def _rate(text: str) -> str:
    from limits import parse  # noqa: PLC0415  # most services have no limit

    try:
        parse(text)
    except ValueError:
        raise ValueError("write a number and a time, such as 100/minute") from None
    return text


def _redis(text: str) -> str:
    if not text.startswith(("redis://", "rediss://")):
        raise ValueError("write redis://host:6379/0, or rediss:// over TLS")
    return text


def _host_name(text: str) -> str:
    name = text.lower()
    if not _HOST_NAME.fullmatch(name):
        raise ValueError("not the name of a host: leave out scheme and port")
    return name


class Settings(BaseSettings):
    """Settings, each from the variable AIROUNDS_NAME of the environment or of `.env`."""

    model_config = SettingsConfigDict(env_prefix="AIROUNDS_", env_file=".env", extra="ignore")

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=_default_database_url,
        description="Where the dataset is kept and read: `sqlite:///path` or "
        "`postgresql://user:password@host/name`. By default a file in `./data` of a checkout, else "
        "in the user's data directory.",
        examples=["postgresql://airounds@db.example/airounds"],
    )
    owner_url: Annotated[str, AfterValidator(_database_url)] | None = Field(
        default=None,
        description="PostgreSQL alone: the database as the role that owns its tables, by which `load` "
        "and `migrate` write. By default `AIROUNDS_DATABASE_URL`.",
        examples=["postgresql://airounds_owner@db.example/airounds"],
    )
    admin_url: Annotated[str, AfterValidator(_database_url)] | None = Field(
        default=None,
        description="PostgreSQL alone: the database as a role that may make roles, by which `migrate` "
        "makes the other two. By default `AIROUNDS_OWNER_URL`.",
        examples=["postgresql://postgres@db.example/airounds"],
    )
    serve_as_owner: bool = Field(
        default=False,
        description="Whether `serve` may read PostgreSQL as a role that could write to it.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65535, description="The port to listen on.")
    workers: int = Field(
        default=1,
        ge=1,
        le=256,
        description="How many processes serve, each with a memory and connections of its own.",
    )
    max_connections: int = Field(
        default=1_000,
        ge=10,
        le=100_000,
        description="How many connections each process holds. Where there are more, the longest held that is "
        "idle is closed.",
    )
    client_timeout: float = Field(
        default=10.0,
        ge=1,
        le=3600,
        description="After how many seconds a connection is closed whose client doesn't finish a request, or "
        "reads less than 32 kB of an answer.",
    )
    keep_alive: int = Field(
        default=5,
        ge=0,
        le=3600,
        description="For how many seconds a connection is kept for a next request. Behind a proxy that keeps "
        "connections, longer than the proxy does.",
    )
    max_running: int = Field(
        default=16,
        ge=1,
        le=1_000,
        description="How many answers each process computes at a time; those from memory don't count.",
    )
    max_waiting: int = Field(
        default=40,
        ge=0,
        le=100_000,
        description="How many requests wait until they can be computed. More are refused with 503 at once, "
        "as are those that have waited for a second.",
    )
    rate_limit: Annotated[str, AfterValidator(_rate)] | None = Field(
        default=None,
        description="How often each address may ask, as in `100/minute`; of IPv6 each network of 64 bits. By "
        "default there is no limit. Each process counts for itself, unless they share a storage.",
        examples=["100/minute"],
    )
    rate_limit_storage: Annotated[str, AfterValidator(_redis)] | None = Field(
        default=None,
        description="The Redis in which processes and machines count together; it needs the extra `redis`.",
        examples=["redis://localhost:6379/0"],
    )
    trusted_proxies: Annotated[list[Annotated[str, AfterValidator(_proxy)]], NoDecode] = Field(
        default=[],
        description="Addresses and networks of proxies, joined by commas, whose X-Forwarded-For and "
        "X-Forwarded-Proto are believed; `*` is any. By default nobody's.",
        examples=["127.0.0.1,10.0.0.0/8"],
    )
    database_connections: int = Field(
        default=40,
        ge=FEWEST_CONNECTIONS,
        le=100_000,
        description="PostgreSQL alone: how many connections the whole service holds at most, divided "
        f"among its workers, each of which takes {FEWEST_CONNECTIONS} or more.",
    )
    cors_origins: Annotated[list[str], NoDecode] = Field(
        default=["*"],
        description="Origins whose pages may read answers, joined by commas; `*` is any.",
        examples=["https://app.example,https://www.example"],
    )
    mcp_hosts: Annotated[list[Annotated[str, AfterValidator(_host_name)]], NoDecode] = Field(
        default=[],
        description="Names by which `/mcp` may be asked, joined by commas; `*` is any. By default those "
        "of this machine where `AIROUNDS_HOST` is one of them, so that no page reaches a private "
        "service by a name of its own; else any.",
        examples=["airounds.example,localhost"],
    )
    cache_bytes: int = Field(
        default=64_000_000,
        ge=0,
        description="How many bytes of answers are kept in memory by each process; 0 keeps none.",
    )
    query_timeout: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="After how many seconds a query is given up; exports may take longer.",
    )
    access_log: bool = Field(
        default=False,
        description="Whether a line is logged for each request: id, method, route, status, ms, bytes, and "
        "whether memory answered. It takes as long as half an answer from memory does.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description="How messages and requests are logged on standard output: each a line of JSON or text; "
        "`auto` is text in a terminal and JSON elsewhere.",
    )
    log_personal: bool = Field(
        default=False,
        description="Whether the lines of requests have the client's address, the path and the query.",
    )
    traces: bool = Field(
        default=False,
        description="Whether each request that memory doesn't answer becomes a span of OpenTelemetry. Its "
        "variables, as `OTEL_EXPORTER_OTLP_ENDPOINT`, name the collector. Needs the extra `otel`.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="The port on which Prometheus is answered, for all processes together. By default none.",
        examples=["9100"],
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least serious message that is logged."
    )

    @property
    def writing_url(self) -> str:
        """The database as the role that loads and migrates."""
        return self.owner_url or self.database_url

    @field_validator("owner_url", "admin_url")
    @classmethod
    def _roles_of_postgres(cls, url: str | None, told: ValidationInfo) -> str | None:
        served = told.data.get("database_url")
        if url and served and not all(make_url(one).username for one in (url, served)):
            raise ValueError(
                "roles are PostgreSQL's: name a user in it and in AIROUNDS_DATABASE_URL, as in "
                "postgresql://user@host/name"
            )
        return url

    @field_validator("database_connections")
    @classmethod
    def _enough_connections(cls, connections: int, told: ValidationInfo) -> int:
        url, workers = told.data.get("database_url"), told.data.get("workers", 1)
        fewest = FEWEST_CONNECTIONS * workers
        if url and make_url(url).get_backend_name() == "postgresql" and connections < fewest:
            raise ValueError(f"too few for {workers} workers: give them {fewest} or more")
        return connections

    @field_validator("cors_origins", "mcp_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, text: object) -> object:
        parts = text.split(",") if isinstance(text, str) else None
        return text if parts is None else [part.strip() for part in parts if part.strip()]

    @property
    def names_of_mcp(self) -> list[str]:
        """The names by which /mcp may be asked, `*` for any."""
        return self.mcp_hosts or (_THIS_MACHINE if self.host in _THIS_MACHINE else ["*"])


@cache
def read_settings() -> Settings:
    """Read the settings, once."""
    return Settings()
