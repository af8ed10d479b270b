"""How the server is configured: what uvicorn is told, and what it doesn't know of."""

from functools import partial
from typing import Any

from uvicorn import Config

from app import logs
from app.serving.guard import Guard
from app.serving.warden import Bounds, Warden
from app.settings import Settings

APPLICATION = "app.serving.process:create_app"


class ServerConfig(Config):
    """uvicorn's configuration by the settings, with connections that are guarded in each process."""

    def __init__(self, settings: Settings, app: Any = APPLICATION, **options: Any) -> None:
        self._settings = settings
        super().__init__(
            app,
            factory=app is APPLICATION,
            ws="none",
            log_config=None,
            log_level=settings.log_level,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=settings.keep_alive,
            **options,
        )

    def configure_logging(self) -> None:
        """Log as the settings say; each process is told so by itself."""
        super().configure_logging()
        logs.configure(self._settings.log_format, self._settings.log_level)

    def load(self) -> None:
        """Load what a process needs; its warden is its own."""
        super().load()
        bounds = Bounds(self._settings.max_connections, self._settings.client_timeout)
        metrics = None
        if self._settings.metrics_port is not None:
            from app.metrics import ConnectionMetrics  # noqa: PLC0415  # as the docstring there says

            metrics = ConnectionMetrics()
        self.http_protocol_class = partial(Guard, warden=Warden(bounds, metrics))  # type: ignore[assignment]  # it is called alone
