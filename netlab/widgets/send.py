"""A form that sends a packet in a lab and shows its way."""

from __future__ import annotations

from html import escape
from typing import Any

from netlab.errors import NetlabError
from netlab.kernel.release import RELEASES
from netlab.show.sending import PROTOCOLS, Sent, namespaces_of, send_packet
from netlab.show.words import printable
from netlab.widgets.base import View, error_html
from netlab.widgets.player import JourneyPlayer


class SendForm(View):
    """Source, destination, protocol, port and kernel; the button runs ``setup`` anew and sends one packet.

    Below it stand the command, what it printed, and a player, with the kernel's tables, for each packet that the
    host saw. What is wrong with the input is said in words where the result would stand.
    """

    def __init__(
        self,
        setup: str,
        *,
        source: str = "host",
        destination: str = "127.0.0.1",
        protocol: str = "icmp",
        port: int = 80,
        kernel: str = "6.1",
    ) -> None:
        import ipywidgets as w

        self.setup = setup
        wide = w.Layout(width="260px")
        names = namespaces_of(setup, kernel)
        self.source: Any = w.Dropdown(options=names, value=source, description="from", layout=wide)
        self.destination: Any = w.Text(
            value=destination, description="to", continuous_update=False, layout=wide
        )
        self.protocol: Any = w.Dropdown(
            options=PROTOCOLS, value=protocol, description="protocol", layout=wide
        )
        self.port: Any = w.BoundedIntText(
            value=port, min=1, max=65535, description="port", disabled=protocol == "icmp", layout=wide
        )
        self.kernel: Any = w.Dropdown(
            options=tuple(RELEASES), value=kernel, description="kernel", layout=wide
        )
        self.button: Any = w.Button(description="Send", icon="paper-plane", tooltip="send one packet")
        self.words: Any = w.HTML()
        self.packet: Any = w.Dropdown(options=(), description="packet", layout=w.Layout(width="620px"))
        self.way: Any = w.VBox([])
        self.sent: Sent | None = None
        self.protocol.observe(self._protocol_changed, names="value")
        self.packet.observe(self._packet_changed, names="value")
        self.button.on_click(lambda _: self.send())
        rows = [
            w.HBox([self.source, self.destination, self.kernel]),
            w.HBox([self.protocol, self.port, self.button]),
        ]
        self.box = w.VBox([*rows, self.words, self.packet, self.way])
        self.send()

    @property
    def text(self) -> str:
        """What the packet of the form's first values did."""
        return f"Send a packet\n{self.first}"

    def send(self) -> None:
        """Send what the form says and show it."""
        try:
            sent = send_packet(
                self.setup,
                self.source.value,
                self.destination.value.strip(),
                protocol=self.protocol.value,
                port=self.port.value,
                kernel=self.kernel.value,
            )
        except NetlabError as error:
            self._show(None, str(error), error_html(str(error)))
            return
        text = sent.text
        self._show(sent, text, f'<pre style="white-space:pre-wrap">{escape(text)}</pre>')

    def _show(self, sent: Sent | None, text: str, html: str) -> None:
        if not hasattr(self, "first"):
            self.first = text
        self.sent = sent
        self.words.value = html
        journeys = sent.journeys if sent is not None else ()
        self.packet.options = [(printable(f"{j.number}. {j.title}"), j.number) for j in journeys]
        self.packet.value = None  # so that the first packet is chosen anew, even if the list is the same
        if journeys:
            self.packet.value = journeys[0].number

    def _packet_changed(self, change: dict[str, Any]) -> None:
        number = change["new"]
        if number is None or self.sent is None or number > len(self.sent.journeys):
            self.way.children = ()
            return
        player = JourneyPlayer(self.sent.journey(number), world=self.sent.world)
        self.way.children = (player.box,)

    def _protocol_changed(self, change: dict[str, Any]) -> None:
        self.port.disabled = change["new"] == "icmp"
