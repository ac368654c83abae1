"""The private CA and the certificates it signs for Azure's host names.

The CA is made once a home; its key is mode 0600 and nothing installs it system-wide: only processes that are
given `REQUESTS_CA_BUNDLE` and `SSL_CERT_FILE` trust it.
"""

import os
import ssl
from functools import cache
from pathlib import Path

import trustme

from localazure.home import Home

BLOB_HOSTS = ("*.blob.core.windows.net", "127.0.0.1", "localhost")


class CertificateAuthority:
    """Signs a certificate for each host name that the front door answers for."""

    def __init__(self, home: Home) -> None:
        self._ca = _load_or_make(home.ca_certificate, home.certificates / "ca.key")
        self.context_for = cache(self._context_for)

    def _context_for(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._ca.issue_cert(host).configure_cert(context)
        return context

    def write_blob_certificate(self, folder: Path) -> tuple[Path, Path]:
        """Azurite ends TLS itself: give it a certificate for every storage account at once.

        Returns (certificate chain, private key), both written to `folder`.
        """
        certificate, key = folder / "blob.pem", folder / "blob.key"
        issued = self._ca.issue_cert(*BLOB_HOSTS)
        _write_private(key, issued.private_key_pem.bytes())
        _write_private(certificate, b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        return certificate, key


def _load_or_make(certificate: Path, key: Path) -> trustme.CA:
    if certificate.is_file() and key.is_file():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    ca = trustme.CA(organization_name="mlws embedded Azure", organization_unit_name="private to this folder")
    _write_private(key, ca.private_key_pem.bytes())
    _write_private(certificate, ca.cert_pem.bytes())
    return ca


def _write_private(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
