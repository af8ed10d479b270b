"""docs/deploy.md is true: its commands are run on three hosts, and its files say what it says."""

import re
from pathlib import Path

from app.settings import Settings
from bench.servers import free_port
from clients.blocks import DEPLOY_PAGE, ROOT, SHELL, blocks, check_commands
from tests.faults.cluster import cluster

SHOWN_PORTS = ("8001", "8002", "8003")  # of what the page starts itself
SHOWN_HOSTS = ("db1.example", "db2.example", "db3.example")
TOLD = [
    *(ROOT / "deploy" / name for name in ("compose.yaml", "airounds.service")),
    *(ROOT / name for name in ("Dockerfile", "README.md", "docs/deploy.md", "docs/promises.md")),
]


def test_the_commands_of_the_page(tmp_path: Path) -> None:
    """Roles, load, processes, replicas, backup and restore, in the order of the page."""
    with cluster(replicas=2) as made:
        hosts = [made.primary, *made.replicas]
        places = [f"127.0.0.1:{host.port}" for host in hosts]
        replaced = dict(zip(SHOWN_HOSTS, places, strict=True))
        replaced |= {port: str(free_port()) for port in SHOWN_PORTS}
        check_commands(blocks(DEPLOY_PAGE, *SHELL), tmp_path, replaced)


def test_variables_that_are_named_are_settings() -> None:
    """In the page and in the files that it speaks of."""
    known = {f"AIROUNDS_{name}".upper() for name in Settings.model_fields}
    for file in TOLD:
        named = set(re.findall(r"\bAIROUNDS_[A-Z_]+", file.read_text(encoding="utf-8")))
        assert named - known == set(), file
