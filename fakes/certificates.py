"""Certificates for the stand-ins: an authority of this run's own, and what can be wrong with a server's certificate."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from fakes.web import HOST

WRONG = ("wrong-name", "expired", "self-signed")


class Authority:
    """Trusted by whoever reads its file; the file is gone with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mando-", ignore_cleanup_errors=True)
        authority = trustme.CA()
        self.file = Path(self._folder.name) / "authority.pem"
        authority.cert_pem.write_to_path(self.file)
        past = datetime.now(UTC) - timedelta(days=1)
        self._contexts = {
            "": _context(authority.issue_cert(HOST)),
            "wrong-name": _context(authority.issue_cert("discord.invalid")),
            "expired": _context(authority.issue_cert(HOST, not_before=past - timedelta(days=1), not_after=past)),
            "self-signed": _context(trustme.CA()),
        }

    def context(self, wrong: str = "") -> ssl.SSLContext:
        """Return a server's context whose certificate is right, or wrong in one of the ways above."""
        return self._contexts[wrong]

    def close(self) -> None:
        self._folder.cleanup()


def _context(certificate: trustme.LeafCert | trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if isinstance(certificate, trustme.LeafCert):
        certificate.configure_cert(context)
    else:  # an authority's own certificate is signed by itself
        with certificate.private_key_pem.tempfile() as key, certificate.cert_pem.tempfile() as chain:
            context.load_cert_chain(chain, key)
    return context
