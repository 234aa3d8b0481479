"""The Linux bridge: its ports, and the decision about each frame. Its table is in ``fdb``, its device in ``bridge_device``.

Sources: net/bridge/br_input.c, br_forward.c, br_if.c, br_stp_if.c (6.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.kernel.fdb import ForwardingTable
from netlab.kernel.netfilter import ACCEPT, DROP, STOLEN, run_hook
from netlab.kernel.skb import HOST, OTHERHOST, Skb
from netlab.kernel.steps import BridgeDecision
from netlab.wire import BROADCAST, is_multicast_mac, mac_int

if TYPE_CHECKING:
    from netlab.kernel.bridge_device import BridgeDevice
    from netlab.kernel.device import Device

LINK_LOCAL = "01:80:c2:00:00:0"
_COST_OF_10_GIGABIT = 2
_COST_OF_UNKNOWN_SPEED = 100


class Port:
    """A device enslaved to a bridge, with the per-port switches of ``bridge link``."""

    def __init__(self, bridge: Bridge, device: Device) -> None:
        self.bridge = bridge
        self.device = device
        self.hairpin = False
        self.learning = True
        self.flood = True
        self.mcast_flood = True
        self.bcast_flood = True
        self.isolated = False

    @property
    def bridge_dev(self) -> BridgeDevice:
        return self.bridge.device

    @property
    def cost(self) -> int:
        """What a path by this port costs, by the speed the device says it has (port_cost)."""
        return _COST_OF_10_GIGABIT if self.device.kind == "veth" else _COST_OF_UNKNOWN_SPEED

    @property
    def forwarding(self) -> bool:
        """Without STP a port forwards as soon as it and its bridge are up and the link is there."""
        return self.device.running and self.bridge.device.up

    def link_changed(self) -> None:
        if not self.device.running:
            self.bridge.forget_port(self, keep_static=True)

    def receive(self, skb: Skb) -> bool:
        """br_handle_frame; False gives the frame to the stack on the port device itself."""
        return self.bridge.handle_frame(self, skb)


class Bridge:
    """What belongs to a bridge besides its device: ports (newest first), the forwarding table, options."""

    def __init__(self, device: BridgeDevice) -> None:
        self.device = device
        self.ns = device.ns
        self.ports: list[Port] = []
        self.fdb = ForwardingTable(self)
        self.nf_call_iptables = False
        self.nf_call_ip6tables = False
        self.nf_call_arptables = False
        self.multicast_snooping = True
        self.fdb.own(device.mac, None)

    @property
    def joins_snoopers(self) -> bool:
        """It listens to the group of all snoopers while it is up."""
        return self.multicast_snooping and self.ns.world.release.joins_all_snoopers

    def set_multicast_snooping(self, on: bool) -> None:
        """``ip link set BR type bridge mcast_snooping 0|1`` (br_multicast_toggle)."""
        changed = on != self.multicast_snooping
        self.multicast_snooping = on
        if changed and self.device.up and self.ns.world.release.joins_all_snoopers:
            self.device.reporter.changed()

    # --- ports ------------------------------------------------------------------------------------------------

    def add_port(self, device: Device) -> Port:
        """``ip link set DEV master BR``: the new port is the head of the list, so flooding starts with it."""
        port = device.port = Port(self, device)
        self.ports.insert(0, port)
        self.fdb.own(device.mac, port)
        self.recalculate_mac()
        self.device.link_changed()
        return port

    def remove_port(self, device: Device) -> None:
        """``ip link set DEV nomaster``."""
        port = device.port
        assert port is not None
        self.ports.remove(port)
        device.port = None
        self.forget_port(port, keep_static=False)
        self.recalculate_mac()
        self.device.link_changed()

    def forget_port(self, port: Port, *, keep_static: bool) -> None:
        """Drop what was learnt on a port (br_fdb_delete_by_port)."""
        self.fdb.forget(lambda e: e.port is port and not e.local and not (keep_static and e.static))
        if not keep_static:
            self.fdb.disown(lambda entry: entry.port is port)

    def flush(self, port: Port | None = None) -> None:
        """Drop every entry of a port, or of all ports and the bridge, local ones too (br_fdb_flush)."""
        self.fdb.forget(lambda entry: port is None or entry.port is port)

    def port_mac_changed(self, port: Port, old: str) -> None:
        self.fdb.disown(lambda entry: entry.mac == old and entry.port is port)
        self.fdb.own(port.device.mac, port)
        self.recalculate_mac()

    def recalculate_mac(self) -> None:
        """Unless it was set, the bridge's address is the smallest of its ports' (br_stp_recalculate_bridge_id)."""
        if self.device.mac_was_set:
            return
        macs = sorted((p.device.mac for p in self.ports), key=mac_int)
        self.change_mac(macs[0] if macs else "00:00:00:00:00:00")

    def change_mac(self, mac: str) -> None:
        old = self.device.mac
        if mac == old:
            return
        self.fdb.disown(lambda entry: entry.mac == old and entry.port is None)
        self.device.mac = mac
        self.fdb.own(mac, None)
        self.ns.neighbours.device_changed(self.device)

    # --- receiving --------------------------------------------------------------------------------------------

    def handle_frame(self, port: Port, skb: Skb) -> bool:
        """Decide about a frame that a port received (br_handle_frame). False: not ours, route it."""
        eth = skb.eth
        assert eth is not None
        if is_multicast_mac(eth.src) or eth.src == "00:00:00:00:00:00":
            port.device.drop(skb, f"{eth.src} cannot be a source address")
            return True
        if eth.dst.startswith(LINK_LOCAL) and eth.dst != LINK_LOCAL + "0":
            if eth.dst == LINK_LOCAL + "1":
                port.device.drop(skb, "a pause frame is never bridged")
                return True
            # LLDP is not even shown to ebtables.
            if eth.dst != LINK_LOCAL + "e":
                verdict = run_hook("bridge", "INPUT", skb, self.ns, port.device, None)
                if verdict != ACCEPT:
                    return True
            if port.learning and port.forwarding:
                self.fdb.update_from(port, eth.src, skb.journey)
            return False
        if not port.forwarding:
            port.device.drop(skb, f"{port.device.name} is not forwarding")
            return True
        if eth.dst == self.device.mac:
            skb.pkt_type = HOST
        verdict = run_hook("bridge", "BROUTING", skb, self.ns, port.device, None)
        if verdict == DROP:
            if skb.pkt_type == HOST and eth.dst != port.device.mac and skb.eth is eth:
                skb.pkt_type = OTHERHOST
            self._decided(
                port, skb, "route", (), "ebtables broute said DROP: route it instead of bridging it"
            )
            return False
        verdict = run_hook("bridge", "PREROUTING", skb, self.ns, port.device, None)
        if verdict == ACCEPT:
            self.finish(port, skb)
        elif verdict != STOLEN:
            port.device.drop(skb, "dropped in PREROUTING")
        return True

    def finish(self, port: Port, skb: Skb) -> None:
        """Learn, then forward, flood or pass up (br_handle_frame_finish)."""
        eth = skb.eth
        assert eth is not None
        if port.learning:
            self.fdb.update_from(port, eth.src, skb.journey)
        dst = eth.dst
        if is_multicast_mac(dst):
            kind = "broadcast" if dst == BROADCAST else "multicast"
            self.device.rx_multicast += kind == "multicast"
            ports = self.flood_ports(kind, port.device)
            self._decided(port, skb, "flood", ports, f"{kind}: to every other port, and up to the host")
            self._deliver(skb.clone(), ports, port.device)
            self.pass_up(port, skb, promiscuous=self.device.promiscuous)
            return
        entry = self.fdb.lookup(dst)
        if entry is None:
            ports = self.flood_ports("unicast", port.device)
            self._decided(port, skb, "flood", ports, f"{dst} is not in the forwarding table")
            up = self.device.promiscuous
            self._deliver(skb.clone() if up else skb, ports, port.device)
            if up:
                self.pass_up(port, skb, promiscuous=True)
        elif entry.local:
            whose = "the bridge" if entry.port is None or dst == self.device.mac else entry.port.device.name
            self._decided(port, skb, "pass up", (), f"{dst} is the address of {whose}")
            self.pass_up(port, skb)
        else:
            assert entry.port is not None
            if self._should_deliver(entry.port, port):
                self._decided(
                    port, skb, "forward", (entry.port,), f"{dst} was learnt on {entry.port.device.name}"
                )
                self._forward(entry.port, skb.clone() if self.device.promiscuous else skb, port.device)
            else:
                if entry.port is port:
                    reason = (
                        f"{dst} is on {port.device.name}, where the frame came from, and hairpin mode is off"
                    )
                elif port.isolated and entry.port.isolated:
                    reason = f"{port.device.name} and {entry.port.device.name} are both isolated"
                else:
                    reason = f"{entry.port.device.name} is not forwarding"
                self._decided(port, skb, "drop", (), reason)
            if self.device.promiscuous:
                self.pass_up(port, skb, promiscuous=True)

    def pass_up(self, port: Port, skb: Skb, *, promiscuous: bool = False) -> None:
        """The host's own copy: eb INPUT, then the IP stack with the bridge as device (br_pass_frame_up).

        What comes up because the bridge takes in everything has no conntrack entry any more (br_nf_local_in).
        """
        if promiscuous and self.ns.world.release.bridge_confirm:
            skb.ct = skb.ctinfo = None
        if run_hook("bridge", "INPUT", skb, self.ns, port.device, None) != ACCEPT:
            port.device.drop(skb, "dropped in ebtables INPUT")
            return
        skb.dev = self.device
        if skb.route is not None and skb.route.kind == "bridged":
            skb.route = None
        self.device.receive(skb)

    # --- sending ----------------------------------------------------------------------------------------------

    def transmit(self, skb: Skb) -> None:
        """A frame from the host's own stack (br_dev_xmit)."""
        eth = skb.eth
        assert eth is not None
        dst = eth.dst
        entry = None
        if is_multicast_mac(dst):
            kind = "broadcast" if dst == BROADCAST else "multicast"
            ports = self.flood_ports(kind, None)
            reason = f"{kind}: to every port"
        else:
            entry = self.fdb.lookup(dst)
            if entry is None:
                ports = self.flood_ports("unicast", None)
                reason = f"{dst} is not in the forwarding table"
            elif entry.port is not None and self._should_deliver(entry.port, None):
                ports = (entry.port,)
                reason = f"{dst} was learnt on {entry.port.device.name}"
            else:
                self._decided(None, skb, "drop", (), f"{dst} has no port to leave by")
                return
        self._decided(None, skb, "flood" if entry is None else "forward", ports, reason)
        self._deliver(skb, ports, None)

    def _should_deliver(self, to: Port, ingress: Port | None, *, multicast: bool = False) -> bool:
        if not to.forwarding:
            return False
        if ingress is None:
            return True
        if to is ingress and not (to.hairpin and (not multicast or self.ns.world.release.hairpin_multicast)):
            return False
        return not (to.isolated and ingress.isolated)

    def flood_ports(self, kind: str, indev: Device | None) -> tuple[Port, ...]:
        """Every port a flooded frame goes to, newest first (br_flood)."""
        ingress = indev.port if indev is not None else None
        switch = {"unicast": "flood", "broadcast": "bcast_flood", "multicast": "mcast_flood"}[kind]
        return tuple(
            p
            for p in self.ports
            if (getattr(p, switch) or (kind != "unicast" and ingress is None))
            and self._should_deliver(p, ingress, multicast=kind != "unicast")
        )

    def _deliver(self, skb: Skb, ports: tuple[Port, ...], indev: Device | None) -> None:
        for n, to in enumerate(ports, 1):
            self._forward(to, skb if n == len(ports) else skb.clone(), indev)

    def _forward(self, to: Port, skb: Skb, indev: Device | None) -> None:
        """FORWARD or LOCAL_OUT, then POST_ROUTING, then out of the port (__br_forward)."""
        skb.dev = to.device
        hook = "OUTPUT" if indev is None else "FORWARD"
        if run_hook("bridge", hook, skb, self.ns, indev, to.device) != ACCEPT:
            to.device.drop(skb, f"dropped in {hook} on the bridge")
            return
        if run_hook("bridge", "POSTROUTING", skb, self.ns, None, to.device) != ACCEPT:
            return
        self.push(to, skb)

    def push(self, to: Port, skb: Skb) -> None:
        """Out of the port, unless the frame is too long for it (br_dev_queue_push_xmit)."""
        if not to.device.forwardable(skb):
            to.device.drop(skb, f"{skb.length} bytes do not fit the MTU {to.device.mtu} of {to.device.name}")
            return
        skb.br = None
        to.device.transmit(skb)

    def _decided(
        self, port: Port | None, skb: Skb, action: str, ports: tuple[Port, ...], reason: str
    ) -> None:
        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                BridgeDecision(
                    world.now,
                    self.ns.name,
                    skb.journey,
                    self.device.name,
                    port.device.name if port else "",
                    action,
                    tuple(p.device.name for p in ports),
                    reason,
                )
            )
