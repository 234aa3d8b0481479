"""Broken hosts and nodes to practise on: each is made by a function, works like any other, and has one fault.

A host is a lab script; what should work on it is said by probes, which are commands too. A repair is tried on a fresh
host: its commands run there, then the probes, and what belongs to others must be as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from netlab.kubelet.duration import SECOND, parse_duration
from netlab.kubelet.model import Pod
from netlab.kubelet.profile import CURRENT
from netlab.kubelet.script import Burst, Step
from netlab.kubelet.signals import NODEFS_AVAILABLE
from netlab.kubelet.state import ManagerConfig
from netlab.kubelet.thresholds import parse_threshold_config
from netlab.kubelet.world import Disk, Node, Workload
from netlab.lab import Lab
from netlab.show.table import Table
from netlab.teach.answers import flag_value
from netlab.teach.commands import obey

if TYPE_CHECKING:
    from netlab.lab import LabResult
    from netlab.show.eviction import Recording

__all__ = [
    "BrokenHost",
    "BrokenNode",
    "Probe",
    "Trial",
    "bridge_calls_nobody",
    "flapping_condition",
    "full_disk",
    "masquerade_astray",
    "missing_accept",
    "shadowed_dnat",
]

_HOST: Final = """\
ip link add br0 address 02:42:ac:12:00:01 type bridge
ip addr add 172.18.0.1/16 dev br0
ip link set br0 up
for n in 1 2; do
  ip netns add c$n
  ip link add port$n type veth peer name eth0 netns c$n
  ip link set port$n master br0
  ip link set port$n up
  ip -n c$n addr add 172.18.0.$((n + 1))/16 dev eth0
  ip -n c$n link set eth0 up
  ip -n c$n link set lo up
  ip -n c$n route add default via 172.18.0.1
done
ip netns add out
ip link add eth0 type veth peer name eth0 netns out
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n out addr add 192.0.2.9/24 dev eth0
ip -n out link set eth0 up
sleep 2
"""
"""Containers c1 (172.18.0.2) and c2 (172.18.0.3) on br0; out (192.0.2.9) on the cable of the host's eth0.

Within a second a new bridge reports twice, by IGMP, that it snoops, the second time at a moment drawn by lot: after two
seconds no rule counts it.
"""

_KNOWN_OUTSIDE: Final = "ip -n out route add 172.18.0.0/16 via 192.0.2.1\n"

_SURVEY: Final = """\
for n in c1 c2 out; do
  ip -n $n route
  ip -n $n -br addr
  ip netns exec $n netstat -ltn
  ip netns exec $n iptables-save | grep '^-A'
done
"""
"""What belongs to the others: their routes, addresses, servers and rules."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that should come to pass, or should not: the command's exit status 0 says that it did."""

    says: str
    command: str
    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a repair: by probe whether it came out as wanted, the host's rules, what the others have.

    ``added`` are rules, with their table in front, that the broken host did not have; ``elsewhere`` says that a
    container or the outside was changed.
    """

    held: Mapping[str, bool]
    rules: tuple[str, ...]
    added: tuple[str, ...]
    elsewhere: bool

    @property
    def repaired(self) -> bool:
        return all(self.held.values()) and not self.elsewhere


@dataclass(frozen=True, kw_only=True)
class BrokenHost:
    """A host with a fault. ``setup`` is the script that made it; ``lab`` is that host, alive.

    >>> host = missing_accept()
    >>> host.run("iptables -S FORWARD | head -n 1").output
    '-P FORWARD DROP\\n'
    """

    name: str
    setup: str
    probes: tuple[Probe, ...]

    @cached_property
    def lab(self) -> Lab:
        """The host that ``run`` works on; it keeps what was done to it."""
        made = Lab("6.1")
        made.run(self.setup, source=self.name)
        return made

    def run(self, commands: str) -> LabResult:
        """Look at the host, or try something on it. Raises InputError as a lab does."""
        return self.lab.run(commands, source=self.name)

    def symptoms(self) -> Table:
        """What should happen and what does, by trying it on the host as it is now; what is wrong is marked."""
        rows = tuple(
            (probe.says, _yes(probe.wanted), _yes(happens))
            for probe in self.probes
            for happens in [_happens(self.lab, probe)]
        )
        wrong = {n for n, (_, wanted, happens) in enumerate(rows) if wanted != happens}
        note = f"{len(wrong)} of {len(rows)} are not as they should be" if wrong else "all is as it should be"
        return Table(
            title=f"Symptoms of {self.name}",
            columns=("what is tried", "should work", "works"),
            rows=rows,
            marked=wrong,
            notes=(note,),
        )

    def try_repair(self, commands: str) -> Trial:
        """Run a repair on a fresh host and then all probes.

        Raises InputError where the commands cannot be run, or where the last of them fails.
        """
        fresh = Lab("6.1")
        fresh.run(self.setup, source=self.name)
        before, others = _rules(fresh), fresh.run(_SURVEY).output
        obey(fresh, commands, "your repair")
        elsewhere = fresh.run(_SURVEY).output != others
        rules = _rules(fresh)
        return Trial(
            held={probe.says: _happens(fresh, probe) is probe.wanted for probe in self.probes},
            rules=rules,
            added=tuple((Counter(rules) - Counter(before)).elements()),
            elsewhere=elsewhere,
        )


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _happens(lab: Lab, probe: Probe) -> bool:
    return lab.run(probe.command, source=probe.says).status == 0


def _rules(lab: Lab) -> tuple[str, ...]:
    """The host's rules and policies, each with its table in front, without counters."""
    out, table = [], ""
    for line in lab.run("iptables-save").output.splitlines():
        if line.startswith("*"):
            table = line[1:]
        elif line.startswith(":"):
            out.append(f"{table} {line.rsplit(' ', 1)[0]}")
        elif line.startswith("-"):
            out.append(f"{table} {line}")
    return tuple(out)


# --- four hosts -------------------------------------------------------------------------------------------------


def missing_accept() -> BrokenHost:
    """c1 and c2 may call out and nobody may call them; an ACCEPT in FORWARD is missing."""
    return BrokenHost(
        name="missing-accept",
        setup=_HOST
        + _KNOWN_OUTSIDE
        + """\
ip netns exec out nc -lk -p 80 &
iptables -P FORWARD DROP
iptables -A FORWARD -i br0 -o br0 -j ACCEPT
iptables -A FORWARD -i br0 ! -o br0 -j ACCEPT
""",
        probes=(
            Probe("c1 pings out", "ip netns exec c1 ping -c 1 -W 1 192.0.2.9"),
            Probe("c1 calls port 80 of out", "ip netns exec c1 nc -z -w 1 192.0.2.9 80"),
            Probe("c1 pings c2", "ip netns exec c1 ping -c 1 -W 1 172.18.0.3"),
            Probe("out pings c1", "ip netns exec out ping -c 1 -W 1 172.18.0.2", wanted=False),
        ),
    )


def shadowed_dnat() -> BrokenHost:
    """Port 8080 belongs to c1, by a DNAT rule that never gets to speak."""
    return BrokenHost(
        name="shadowed-dnat",
        setup=_HOST
        + _KNOWN_OUTSIDE
        + """\
ip netns exec c1 nc -lkvn -p 80 2>> /seen-by-c1 &
ip netns exec c2 nc -lk -p 8443 &
iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 8000:8999 -j DNAT --to-destination 172.18.0.3
iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
""",
        probes=(
            Probe(
                "out calls port 8080 and c1 answers",
                "ip netns exec out nc -z -w 1 192.0.2.1 8080 && grep -q received /seen-by-c1",
            ),
            Probe("out calls port 8443 and c2 answers", "ip netns exec out nc -z -w 1 192.0.2.1 8443"),
        ),
    )


def masquerade_astray() -> BrokenHost:
    """The MASQUERADE rule names the wrong interface; out knows nothing of 172.18.0.0/16."""
    return BrokenHost(
        name="masquerade-astray",
        setup=_HOST
        + """\
ip netns exec c2 nc -lkvn -p 80 2>> /seen-by-c2 &
iptables -t nat -A POSTROUTING -s 172.18.0.0/16 -o br0 -j MASQUERADE
""",
        probes=(
            Probe("c1 pings out", "ip netns exec c1 ping -c 1 -W 1 192.0.2.9"),
            Probe("c1 calls c2", "ip netns exec c1 nc -z -w 1 172.18.0.3 80"),
            Probe("c2 has seen the caller's own address", "grep -q 'received on 172.18.0.2 ' /seen-by-c2"),
        ),
    )


def bridge_calls_nobody() -> BrokenHost:
    """A service address leads to c2; frames that stay on the bridge are not shown to iptables."""
    return BrokenHost(
        name="bridge-calls-nobody",
        setup=_HOST
        + _KNOWN_OUTSIDE
        + """\
ip netns exec c2 nc -lkvn -p 80 2>> /seen-by-c2 &
iptables -t nat -A PREROUTING -d 10.96.0.10/32 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.3:80
ip -n out route add 10.96.0.10 via 192.0.2.1
sysctl -qw net.bridge.bridge-nf-call-iptables=0
""",
        probes=(
            Probe("out calls the service", "ip netns exec out nc -z -w 1 10.96.0.10 80"),
            Probe("c1 calls the service", "ip netns exec c1 nc -z -w 1 10.96.0.10 80"),
            Probe("c2 has seen c1's own address", "grep -q 'received on 172.18.0.2 ' /seen-by-c2"),
        ),
    )


# --- two nodes --------------------------------------------------------------------------------------------------

_MIB: Final = 2**20
_GIB: Final = 2**30
NODE: Final = Node(
    nodefs=Disk(capacity=20 * _GIB, used=17 * _GIB, inodes=1_000_000, inodes_used=100_000),
    memory=8 * _GIB,
    memory_used=2 * _GIB,
)
_REST: Final = "memory.available<100Mi,nodefs.inodesFree<5%"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenNode:
    """A node whose kubelet has a bad setting: what it carries, what happens on it, and for how long to look."""

    name: str
    config: ManagerConfig
    node: Node = NODE
    workloads: tuple[Workload, ...] = ()
    script: tuple[Step, ...] = ()
    seconds: int

    def record(self) -> Recording:
        """A run of the kubelet's eviction manager on this node, with all that its passes saw."""
        from netlab.show.eviction import record_eviction

        return record_eviction(
            self.node, self.config, self.script, seconds=self.seconds, workloads=self.workloads
        )


BYTES_FLAG: Final = f"nodefs.available<10,{_REST}"
"""The flag of the node of ``full_disk``."""


def full_disk(hard: str = BYTES_FLAG) -> BrokenNode:
    """A pod named logger fills the disk with 4 MiB of logs a second, and the kubelet's threshold comes too late.

    ``hard`` is the value of ``--eviction-hard``, with or without the flag's name. Raises InputError with the
    kubelet's words for a bad one.
    """
    logger = Workload(pod=Pod(name="logger", uid="1"), uses={"logs": 512 * _MIB}, grows={"logs": 4 * _MIB})
    web = Workload(pod=Pod(name="web", uid="2"), uses={"logs": 64 * _MIB, "rootfs": 128 * _MIB})
    thresholds = parse_threshold_config(CURRENT, hard=flag_value(hard, "--eviction-hard"), enforce=())
    return BrokenNode(
        name="full-disk", config=ManagerConfig(thresholds=thresholds), workloads=(logger, web), seconds=1200
    )


JOBS_END: Final = 1140
"""The second at which the last of the jobs of ``flapping_condition`` cleans up."""


def flapping_condition(transition_period: str = "30s") -> BrokenNode:
    """Jobs fill the disk for two minutes and clean up for two, in turn, and DiskPressure comes and goes with them.

    ``transition_period`` is the value of ``--eviction-pressure-transition-period``. Raises InputError for a bad one.
    """
    thresholds = parse_threshold_config(CURRENT, hard=f"{NODEFS_AVAILABLE}<10%,{_REST}", enforce=())
    period = parse_duration(flag_value(transition_period, "--eviction-pressure-transition-period"))
    jobs = tuple(
        Burst(at, "nodefs", (-1) ** n * 3 * _GIB // 2) for n, at in enumerate(range(60, JOBS_END + 1, 120))
    )
    return BrokenNode(
        name="flapping-condition",
        config=replace(ManagerConfig(thresholds=thresholds), transition_period=period),
        script=jobs,
        seconds=3600,
    )


def least_available(run: Recording) -> int:
    """The fewest bytes of nodefs that any pass of a run saw as available."""
    return min(
        comparison.observation.available.value
        for sample in run.samples
        for comparison in sample.comparisons
        if comparison.threshold.signal == NODEFS_AVAILABLE and comparison.observation is not None
    )


def pressure_ends(run: Recording) -> float | None:
    """The second at which a run's last DiskPressure ended; None if there was none, or it never ended."""
    ends = [
        after.start / SECOND
        for before, after in zip(run.history.phases, run.history.phases[1:], strict=False)
        if "DiskPressure" in before.conditions and "DiskPressure" not in after.conditions
    ]
    still = run.history.phases[-1].conditions
    return ends[-1] if ends and "DiskPressure" not in still else None
