"""Connections that are verified by one SSLContext, and kept.

requests reads the certificate store anew for each connection, 13 ms of CPU (https://github.com/psf/requests/issues/6667),
which a crowd's callbacks would all wait for.
"""

import ssl
from functools import cache
from pathlib import Path
from typing import Any, cast, override

from requests import PreparedRequest, Request, Session
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3 import HTTPConnectionPool

CONNECTIONS = 128
"""Kept at the most, which is more than an instance has requests and uploads at a time."""


class VerifiedOnce(HTTPAdapter):
    """Verifies what requests verifies, as strictly, by a store that is read once per process."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=CONNECTIONS)

    def connections(self, url: str) -> tuple[HTTPConnectionPool, str]:
        """Return those to a URL and what its requests begin with, a path, or to a proxy all of the URL.

        Proxy and certificate store are those that requests would take. Raise OSError where one of them cannot be.
        """
        request = Request("GET", url).prepare()
        named = Session().merge_environment_settings(url, {}, None, None, None)
        connections = self.get_connection_with_tls_context(request, named["verify"], named["proxies"])
        return cast("HTTPConnectionPool", connections), self.request_url(request, named["proxies"]).rstrip("/")

    @override
    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: Any = None
    ) -> Any:
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https":
            return host, {"ssl_context": _context(verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH)}
        return host, tls

    @override
    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the connection to its context: a path set here would be read again by each."""


@cache
def _context(store: str) -> ssl.SSLContext:
    """Return the context that trusts a store, the path of a file or of a folder; raise OSError if there is none."""
    if not Path(store).exists():
        raise FileNotFoundError(f"there is no certificate store {store} (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE)")
    if Path(store).is_dir():
        return ssl.create_default_context(capath=store)
    return ssl.create_default_context(cafile=store)
