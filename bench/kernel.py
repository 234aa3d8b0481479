"""The simulated kernel's growth: rule sets of kube-proxy from 500 to 50,000 rules, and the article's lab.

A router between a client and the pods carries kube-proxy's rules; the client sends datagrams to services. Measured are
loading the dump (text to a kernel that has taken its first packet), a packet of a new connection (nat is asked) and one
of a known connection, each with everything netlab records of it. Where this runs as root on Linux, the same lab, dump
and packets are measured on the machine's own kernel, in namespaces that end with the measurement; so are the same
services as nftables maps, which is kube-proxy's answer to the growth that iptables shows.

Simulated times are of the processor, so that a busy machine does not decide, and packets are sent without Python's
garbage collector, as timeit measures; the real kernel's are by the clock. All are the best of some rounds.
"""

from __future__ import annotations

import gc
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import netlab.data
from netlab.kernel.sock import UdpSocket
from netlab.lab.host import Lab, run_lab
from netlab.rules.kubeproxy import Endpoint, KubeProxy, Service, jump_commands
from netlab.wire import ip

SIZES = (500, 5_000, 50_000)
ENDPOINTS = 3
RULES_A_SERVICE = 2 + 3 * ENDPOINTS
PACKETS = 300
ROUNDS = 5
REAL_LOADERS = (("iptables", "iptables-legacy-restore"), ("nftables", "nft -f"))
LOAD_TARGET, PACKET_TARGET, LAB_TARGET = 2.0, 0.2e-3, 0.1

NETWORK = """
for name in client pods; do
  ip netns add $name
  ip link add $name type veth peer name eth0 netns $name
  ip link set $name up
  ip -n $name link set eth0 up
  ip -n $name link set lo up
done
sysctl -q -w net.ipv4.ip_forward=1
ip addr add 192.0.2.1/24 dev client
ip -n client addr add 192.0.2.9/24 dev eth0
ip -n client route add default via 192.0.2.1
ip addr add 198.51.100.1/24 dev pods
ip -n pods addr add 198.51.100.2/24 dev eth0
ip -n pods route add default via 198.51.100.1
ip route add 10.64.0.0/10 via 198.51.100.2
ip netns exec pods sysctl -q -w net.ipv4.ip_forward=1
ip -n pods route add blackhole 10.64.0.0/10
ping -q -c 1 192.0.2.9
ping -q -c 1 198.51.100.2
"""
"""The lab: the pods' namespace takes every datagram and answers none, so that one datagram is one packet."""

REAL = r"""
import os, socket, subprocess, sys, time
services, packets, rounds = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
def times(fresh):
    best = None
    for _ in range(rounds):
        socks = fresh()
        start = time.perf_counter()
        for sock in socks:
            sock.send(b"hello")
        took = (time.perf_counter() - start) / packets
        best = took if best is None else min(best, took)
    return best, socks
def fresh():
    socks = []
    for n in range(packets):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        at = n * 7919 % services
        sock.connect((f"10.96.{at // 250}.{at % 250 + 1}", 80))
        socks.append(sock)
    return socks
new, socks = times(fresh)
known, _ = times(lambda: socks)
print(new, known)
"""
"""The client on the real kernel: the same datagrams, from sockets of the same kind."""


def services(rules: int) -> list[Service]:
    """As many services as make about so many rules."""
    out = []
    for n in range(rules // RULES_A_SERVICE):
        pods = range(n * ENDPOINTS, (n + 1) * ENDPOINTS)
        out.append(
            Service(
                namespace="shop",
                name=f"svc-{n}",
                protocol="udp",
                cluster_ip=f"10.96.{n // 250}.{n % 250 + 1}",
                port=80,
                endpoints=tuple(
                    Endpoint(f"10.{64 + pod // 62500}.{pod // 250 % 250}.{pod % 250 + 1}", 8080)
                    for pod in pods
                ),
            )
        )
    return out


def dump(wanted: Sequence[Service]) -> str:
    """What iptables-save prints on a node after kube-proxy has written its rules."""
    lab = Lab()
    lab.host.files.write("/kube-proxy", KubeProxy().restore_text(wanted))
    lab.run("\n".join([*jump_commands(), "iptables-restore --noflush --counters < /kube-proxy"]))
    return lab.run("iptables-save").output


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What a rule set of so many rules costs, in seconds: to set up the lab, to load the rules, a packet."""

    rules: int
    lab: float
    load: float
    new: float
    known: float


@contextmanager
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _cost(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def simulated(wanted: Sequence[Service], text: str) -> Growth:
    """Load the dump and send the packets, on the simulated kernel."""
    labs, loads = [], []
    for _ in range(3):
        lab = Lab()
        labs.append(_cost(partial(lab.run, NETWORK)))
        lab.host.files.write("/dump", text)
        loads.append(_cost(partial(_load, lab, _socket(lab, wanted[-1]))))
    with _no_collector():
        socks = _sockets(lab, wanted)
        _send(socks)  # each service's chains are made ready when they are first asked
        new = min(_cost(partial(_send, _sockets(lab, wanted))) for _ in range(ROUNDS))
        known = min(_cost(partial(_send, socks)) for _ in range(ROUNDS))
    return Growth(
        rules=text.count("\n-A "),
        lab=min(labs),
        load=min(loads),
        new=new / PACKETS,
        known=known / PACKETS,
    )


def _socket(lab: Lab, service: Service) -> UdpSocket:
    sock = UdpSocket(lab.world.netns["client"])
    sock.connect(ip(service.cluster_ip), service.port)
    return sock


def _sockets(lab: Lab, wanted: Sequence[Service]) -> list[UdpSocket]:
    return [_socket(lab, wanted[n * 7919 % len(wanted)]) for n in range(PACKETS)]


def _load(lab: Lab, first: UdpSocket) -> None:
    lab.run("iptables-restore < /dump")
    first.send(b"hello")


def _send(socks: Sequence[UdpSocket]) -> None:
    for sock in socks:
        sock.send(b"hello")


def nft_ruleset(wanted: Sequence[Service]) -> str:
    """The same services for nftables, in the manner of kube-proxy: one map finds the service's chain."""
    chains, elements = [], []
    for n, service in enumerate(wanted):
        spread = ", ".join(f"{at} : goto pod-{n}-{at}" for at in range(len(service.endpoints)))
        for at, endpoint in enumerate(service.endpoints):
            chains.append(f"chain pod-{n}-{at} {{\n meta l4proto {service.protocol} dnat to {endpoint}\n}}")
        chains.append(
            f"chain svc-{n} {{\n numgen random mod {len(service.endpoints)} vmap {{ {spread} }}\n}}"
        )
        elements.append(f"{service.cluster_ip} . {service.protocol} . {service.port} : goto svc-{n}")
    return "\n".join(
        [
            "table ip kube-proxy {",
            "map services {\n type ipv4_addr . inet_proto . inet_service : verdict",
            f" elements = {{ {', '.join(elements)} }}\n}}",
            *chains,
            "chain prerouting {\n type nat hook prerouting priority dstnat",
            " ip daddr . meta l4proto . th dport vmap @services\n}",
            "chain postrouting {\n type nat hook postrouting priority srcnat",
            " ct status dnat masquerade fully-random\n}\n}\n",
        ]
    )


def why_not_real(loader: str) -> str:
    """Why this machine's own kernel cannot be measured; empty if it can."""
    if not sys.platform.startswith("linux"):
        return "this is not Linux"
    if os.geteuid() != 0:
        return "this does not run as root"
    missing = [tool for tool in ("unshare", "ip", "ping", loader) if shutil.which(tool) is None]
    return f"{', '.join(missing)} not found" if missing else ""


def real(wanted: Sequence[Service], rules: int, load: str, text: str) -> Growth:
    """The same on this machine's kernel: ``load`` is the command that reads the rule set's ``text``.

    Raises CalledProcessError where the kernel refuses something.
    """
    with TemporaryDirectory() as folder:
        (Path(folder) / "rules").write_text(text)
        (Path(folder) / "client.py").write_text(REAL)
        # A mount namespace with a /run of its own: the names of the network namespaces end with it as well.
        script = f"""set -e
mount -t tmpfs none /run
ip link set lo up
exec 3>&1 >&2
start=$(date +%s%N)
{NETWORK}
ready=$(date +%s%N)
{load} {folder}/rules
echo $((ready - start)) $(($(date +%s%N) - ready)) >&3
ip netns exec client {sys.executable} {folder}/client.py {len(wanted)} {PACKETS} {ROUNDS} >&3
"""
        done = subprocess.run(
            ["unshare", "--net", "--mount", "sh", "-c", script], capture_output=True, text=True, check=True
        )
    lab, took, new, known = map(float, done.stdout.split())
    return Growth(rules=rules, lab=lab / 1e9, load=took / 1e9, new=new, known=known)


def exponent(rows: Sequence[Growth], what: str) -> float:
    """How the cost grows with the rules: 0 not at all, 1 in proportion (least squares on logarithms)."""
    x = [math.log(row.rules) for row in rows]
    y = [math.log(getattr(row, what)) for row in rows]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - mean_x) ** 2 for a in x
    )


def table(name: str, rows: Sequence[Growth]) -> str:
    """The figures, a line a rule set."""
    lines = [f"{name:13}{'rules':>8}{'the lab':>11}{'load':>12}{'new packet':>15}{'known packet':>15}"]
    for row in rows:
        times = f"{row.lab:9.3f} s{row.load:10.3f} s{row.new * 1e3:12.4f} ms{row.known * 1e3:12.4f} ms"
        lines.append(f"{'':13}{row.rules:8,}{times}")
    grows = [f"rules^{exponent(rows, what):.2f}" for what in ("load", "new", "known")]
    return "\n".join([*lines, f"{'  grows as':32}{grows[0]:>12}{grows[1]:>15}{grows[2]:>15}"])


def article_lab(rounds: int = ROUNDS) -> tuple[float, float]:
    """Seconds that the article's lab takes, and seconds that pass on its own clock: a real kernel needs those."""
    text = (Path(netlab.data.__file__).parent / "labs" / "article.sh").read_text("utf-8")
    clock = run_lab(text, kernel="4.4").world.now
    return min(_cost(partial(run_lab, text, kernel="4.4")) for _ in range(rounds)), clock


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def on_this_kernel(name: str, load: str, cases: Sequence[tuple[list[Service], str]]) -> str:
    """The table of the machine's own kernel, or why there is none."""
    program = load.split()[0]
    reason = why_not_real(program)
    rows = []
    try:
        for wanted, text in [] if reason else cases:
            rules = text.count("\n-A ")
            rows.append(real(wanted, rules, load, text if name == "iptables" else nft_ruleset(wanted)))
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().rpartition("\n")[2]
    if reason:
        return f"{name} on this machine's kernel is not measured: {reason}"
    return f"Linux {os.uname().release}, {name}\n{table('  the same', rows)}"


def main() -> int:
    """Print the figures side by side; whether a target is met depends on the machine, and is no failure."""
    took, clock = article_lab()
    print(f"the article's lab: {took:.3f} s (target {LAB_TARGET} s: {_verdict(took <= LAB_TARGET)})")
    print(f"  on its own clock, which a real kernel cannot hurry: {clock:.0f} s", flush=True)
    cases = [(wanted, dump(wanted)) for wanted in map(services, SIZES)]
    ours = [simulated(wanted, text) for wanted, text in cases]
    print(table("simulated", ours))
    large, small = ours[-1], ours[0]
    print(f"  load of {large.rules:,} rules: target {LOAD_TARGET} s: {_verdict(large.load <= LOAD_TARGET)}")
    print(
        f"  a packet: target {PACKET_TARGET * 1e3} ms: {_verdict(max(large.new, large.known) <= PACKET_TARGET)}"
    )
    print(
        f"  {large.rules:,} rules against {small.rules:,}: {large.new / small.new:.2f} times a new packet's cost",
        flush=True,
    )
    for name, load in REAL_LOADERS:
        print(on_this_kernel(name, load, cases), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
