"""The front door's wire: reads one request head, then hands the connection to the service that owns the host.

Hosts of in-process services are upgraded to TLS here and given to an aiohttp server; blob hosts are spliced, byte
for byte, to Azurite, which ends TLS itself (a signed blob request survives no rewriting). Any other host gets 502:
nothing ever falls through to the real Azure.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from localazure.front_door.certificates import CertificateAuthority
from localazure.front_door.routing import service_of
from localazure.home import LOOPBACK

_HEAD_LIMIT = 16 * 1024
_AZURITE_WAIT_SECONDS = 10.0
_CONTENT = "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"

ProtocolFactory = Callable[[], asyncio.Protocol]


@dataclass(frozen=True)
class FrontDoor:
    """Everything a connection needs to find its service."""

    certificates: CertificateAuthority
    services: Mapping[str, ProtocolFactory]
    blob_port: int

    async def listen(self, port: int) -> asyncio.Server:
        """Start accepting connections on loopback. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _Connection(self), LOOPBACK, port, backlog=512)


class _Connection(asyncio.Protocol):
    """One client connection until its service is known; then it is out of the way."""

    def __init__(self, door: FrontDoor) -> None:
        self._door = door
        self._head = b""
        self._transport: asyncio.Transport
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0 and len(self._head) <= _HEAD_LIMIT:
            return
        self._transport.pause_reading()
        self._task = asyncio.get_running_loop().create_task(self._route(end))

    async def _route(self, end: int) -> None:
        method, _, rest = self._head.partition(b" ")
        if method != b"CONNECT":
            self._hand_over(self._door.services["local"](), self._transport, self._head)
            return
        host, _, port = rest.split(b" ", 1)[0].decode("latin-1").lower().rpartition(":")
        service = service_of(host)
        if end < 0 or service is None or port != "443":
            self._refuse(f"{host}:{port} is not a host of the embedded Azure")
        elif service == "blob":
            await self._splice(leftover=self._head[end + 4 :])
        else:
            await self._upgrade(host, service)

    async def _upgrade(self, host: str, service: str) -> None:
        self._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        protocol = self._door.services[service]()
        try:
            secure = await asyncio.get_running_loop().start_tls(
                self._transport, protocol, self._door.certificates.context_for(host), server_side=True
            )
        except (OSError, asyncio.CancelledError):
            self._transport.abort()
            return
        if secure is not None:
            raw = self._transport.get_extra_info("socket")
            self._hand_over(protocol, secure, b"", quick_ack_socket=raw)

    def _hand_over(
        self,
        protocol: asyncio.Protocol,
        transport: asyncio.Transport,
        received: bytes,
        quick_ack_socket: socket.socket | None = None,
    ) -> None:
        prompt = _QuickAck(protocol, quick_ack_socket or transport.get_extra_info("socket"))
        transport.set_protocol(prompt)
        prompt.connection_made(transport)
        if received:
            prompt.data_received(received)
        transport.resume_reading()

    async def _splice(self, leftover: bytes) -> None:
        loop = asyncio.get_running_loop()
        client = _Pipe(self._transport)
        try:
            azurite, upstream = await _connect_patiently(self._door.blob_port, self._transport)
        except OSError:
            self._refuse("blob storage (Azurite) is not running; see `mlws local status`")
            return
        self._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        client.other, upstream.other = azurite, self._transport
        self._transport.set_protocol(client)
        if leftover:
            azurite.write(leftover)
        loop.call_soon(self._transport.resume_reading)
        azurite.resume_reading()

    def _refuse(self, reason: str) -> None:
        body = f"embedded Azure: {reason}\n".encode()
        head = f"HTTP/1.1 502 Bad Gateway\r\n{_CONTENT}Content-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)
        self._transport.close()


async def _connect_patiently(port: int, client: asyncio.Transport) -> tuple[asyncio.Transport, "_Pipe"]:
    """Azurite may be restarting (it is, after a crash): wait for it as long as the client does, within reason."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _AZURITE_WAIT_SECONDS
    while True:
        try:
            transport, pipe = await loop.create_connection(lambda: _Pipe(None), LOOPBACK, port)
        except OSError:
            if loop.time() > deadline or client.is_closing():
                raise
            await asyncio.sleep(0.1)
        else:
            transport.pause_reading()
            return transport, pipe


class _Pipe(asyncio.Protocol):
    """One direction of a splice: what arrives here leaves there, no faster than it can."""

    def __init__(self, transport: asyncio.Transport | None) -> None:
        self.other: asyncio.Transport | None = None
        self._transport = transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        _acknowledge(self._transport.get_extra_info("socket"))
        if self.other is not None:
            self.other.write(data)

    def pause_writing(self) -> None:
        if self.other is not None and not self.other.is_closing():
            self.other.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and not self.other.is_closing():
            self.other.resume_reading()

    def connection_lost(self, _: Exception | None) -> None:
        if self.other is not None:
            self.other.close()


class _QuickAck(asyncio.Protocol):
    """Passes everything to a service's protocol, and acknowledges each read at once.

    urllib3 leaves Nagle's algorithm on for proxied connections, so a request sent as head and body would wait
    40 ms for a delayed acknowledgement. Linux's TCP_QUICKACK must be set anew after each read; elsewhere there
    is no such option and the wait stays.
    """

    def __init__(self, protocol: asyncio.Protocol, raw: socket.socket) -> None:
        self._protocol = protocol
        self._socket = raw

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._protocol.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        _acknowledge(self._socket)
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._protocol.resume_writing()

    def connection_lost(self, problem: Exception | None) -> None:
        self._protocol.connection_lost(problem)


def _acknowledge(raw: socket.socket) -> None:
    if hasattr(socket, "TCP_QUICKACK"):
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
