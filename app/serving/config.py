"""How the server is configured: what uvicorn is told, and what it doesn't know of."""

from functools import partial
from typing import Any

from uvicorn import Config

from app.serving.guard import Guard
from app.serving.warden import Bounds, Warden
from app.settings import Settings

APPLICATION = "app.serving.process:create_app"


class ServerConfig(Config):
    """uvicorn's configuration by the settings, with connections that are guarded in each process."""

    def __init__(self, settings: Settings, app: Any = APPLICATION, **options: Any) -> None:
        super().__init__(
            app,
            factory=app is APPLICATION,
            ws="none",
            log_level=settings.log_level,
            access_log=settings.access_log,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=settings.keep_alive,
            **options,
        )
        self._bounds = Bounds(settings.max_connections, settings.client_timeout)

    def load(self) -> None:
        """Load what a process needs; its warden is its own."""
        super().load()
        self.http_protocol_class = partial(Guard, warden=Warden(self._bounds))  # type: ignore[assignment]  # it is called alone
