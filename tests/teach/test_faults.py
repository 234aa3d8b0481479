"""The broken hosts and nodes of notebook 12: broken as said, repaired by right repairs, and hints for typical wrong ones.

That Linux breaks and heals likewise is witnessed by a recording (``notebook-12.txt``), and by this machine's own kernel,
where it lets us (``run_live``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from netlab.data import capture
from netlab.lab import run_lab
from netlab.lab.live import run_live, why_not_live
from netlab.lab.mask import Mask
from netlab.teach import check, faults, repairs
from netlab.teach.checks import NOT_YET
from netlab.teach.faults import BrokenHost

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "12-find-the-fault.ipynb"
HOSTS = {
    make().name: make
    for make in (
        faults.missing_accept,
        faults.shadowed_dnat,
        faults.masquerade_astray,
        faults.bridge_calls_nobody,
    )
}
REST = "memory.available<100Mi,nodefs.inodesFree<5%"

RIGHT: list[tuple[str, str]] = [
    (
        "missing-accept",
        "iptables -A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    ),
    ("missing-accept", "iptables -I FORWARD -m state --state ESTABLISHED -j ACCEPT"),
    (
        "shadowed-dnat",
        "iptables -t nat -I PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80",
    ),
    (
        "shadowed-dnat",
        "iptables -t nat -D PREROUTING 1\n"
        "iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 8000:8999 -j DNAT --to-destination 172.18.0.3",
    ),
    ("masquerade-astray", "iptables -t nat -R POSTROUTING 1 -s 172.18.0.0/16 ! -o br0 -j MASQUERADE"),
    (
        "masquerade-astray",
        "iptables -t nat -F POSTROUTING; iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 192.0.2.1",
    ),
    ("bridge-calls-nobody", "sysctl -w net.bridge.bridge-nf-call-iptables=1"),
    ("bridge-calls-nobody", "echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables"),
    ("full-disk", f"--eviction-hard=nodefs.available<10%,{REST}"),
    ("full-disk", f"nodefs.available<1100Mi,{REST}"),
    ("flapping-condition", "5m"),
    ("flapping-condition", "--eviction-pressure-transition-period=3m"),
]

WRONG: list[tuple[str, object, str]] = [
    ("missing-accept", "iptables -P FORWARD ACCEPT", "it was the plan"),
    ("missing-accept", "iptables -A FORWARD -o br0 -j ACCEPT", "nobody inside asked for"),
    ("missing-accept", "iptables -A FORWARD -i br0 -j ACCEPT", "Requests come in by br0"),
    ("missing-accept", "iptables -A INPUT -j ACCEPT", "to and from the host itself"),
    (
        "missing-accept",
        "iptables -A FORWARD -p icmp -m conntrack --ctstate ESTABLISHED -j ACCEPT",
        "the call to port 80 is not",
    ),
    (
        "missing-accept",
        "iptables -A FORWARD -p tcp -m conntrack --ctstate ESTABLISHED -j ACCEPT",
        "the ping does not",
    ),
    ("missing-accept", "iptables -F FORWARD", "cannot talk to each other"),
    ("missing-accept", "iptables -L", "each packet's last hop"),
    ("missing-accept", "ip -n c1 addr add 172.18.0.9/16 dev eth0", "other people's"),
    ("missing-accept", "", "these are no commands"),
    ("missing-accept", 5, "these are no commands"),
    ("missing-accept", "iptables -A FORWRD -j ACCEPT", "the last command failed"),
    ("missing-accept", "iptabels -A FORWARD -j ACCEPT", "iptabels"),
    ("shadowed-dnat", "iptables -t nat -D PREROUTING 1", "8443 no longer does"),
    (
        "shadowed-dnat",
        "iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80",
        "stands behind",
    ),
    ("shadowed-dnat", "iptables -A FORWARD -p tcp --dport 80 -j ACCEPT", "Nothing is dropped"),
    ("shadowed-dnat", "iptables -t nat -D PREROUTING 2", "No rule leads to c1"),
    ("shadowed-dnat", "ip netns exec c2 nc -lk -p 8080 &", "other people's"),
    (
        "shadowed-dnat",
        "iptables -t nat -I PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2",
        "which rule spoke",
    ),
    (
        "masquerade-astray",
        "iptables -t nat -A POSTROUTING -s 172.18.0.0/16 -o eth0 -j MASQUERADE",
        "takes c1 for the host",
    ),
    ("masquerade-astray", "iptables -t nat -R POSTROUTING 1 -j MASQUERADE", "takes c1 for the host"),
    ("masquerade-astray", "iptables -t nat -D POSTROUTING 1", "nothing is translated"),
    ("masquerade-astray", "iptables -A FORWARD -j ACCEPT", "can out answer it"),
    ("masquerade-astray", "ip -n out route add 172.18.0.0/16 via 192.0.2.1", "other people's"),
    ("masquerade-astray", "sysctl -w net.ipv4.ip_forward=1", "which device does the rule name"),
    (
        "bridge-calls-nobody",
        "iptables -t nat -A POSTROUTING -s 172.18.0.0/16 -d 172.18.0.0/16 -j MASQUERADE",
        "by a detour",
    ),
    ("bridge-calls-nobody", "iptables -A FORWARD -i br0 -o br0 -j ACCEPT", "No rule drops anything"),
    ("bridge-calls-nobody", "iptables -t nat -F", "no service at all"),
    (
        "bridge-calls-nobody",
        "iptables -t nat -A PREROUTING -i br0 -d 10.96.0.10 -j DNAT --to-destination 172.18.0.3",
        "no second rule",
    ),
    ("bridge-calls-nobody", "sysctl -w net.ipv4.ip_forward=1", "Which are missing"),
    ("bridge-calls-nobody", "ip -n c1 route add 10.96.0.10 via 172.18.0.3", "other people's"),
    ("full-disk", f"nodefs.available<10,{REST}", "behind the number"),
    ("full-disk", REST, "nobody watches"),
    ("full-disk", f"nodefs.available<15%,{REST}", "web was evicted too"),
    ("full-disk", f"nodefs.available<1Gi,{REST}", "every ten seconds"),
    ("full-disk", f"nodefs.available<5%,{REST}", "every ten seconds"),
    ("full-disk", "nodefs.available<10%", "replaces all defaults"),
    ("full-disk", "--eviction-soft=nodefs.available<10%", "unsupported eviction signal"),
    ("flapping-condition", "1m", "comes and goes"),
    ("flapping-condition", "2m", "comes and goes"),
    ("flapping-condition", "1h", "still turns pods away"),
    ("flapping-condition", "20m", "still turns pods away"),
    ("flapping-condition", "5", "missing unit"),
    ("flapping-condition", 5, "not a duration"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_repairs(name: str, answer: str) -> None:
    outcome = check(name, answer)
    assert outcome.right, outcome


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_typical_wrong_repairs_get_their_hint(name: str, answer: object, hint: str) -> None:
    outcome = check(name, answer)
    assert outcome.verdict == NOT_YET
    assert hint in outcome.says


def test_every_hint_was_given_once() -> None:
    said = {(name, check(name, answer).says) for name, answer, _ in WRONG}
    for one in repairs.exercises():
        hints = [mistake.hint for mistake in one.mistakes] + [one.otherwise] * bool(one.otherwise)
        # what belongs to others is asked of every host by the same mistake
        assert [hint for hint in hints if (one.name, hint) not in said] == [], one.name


@pytest.mark.parametrize("make", HOSTS.values(), ids=HOSTS)
def test_symptoms_are_marked_and_gone_after_a_repair(make: Any) -> None:
    host: BrokenHost = make()
    before = host.symptoms()
    assert before.marked
    host.run(next(answer for name, answer in RIGHT if name == host.name))
    assert not host.symptoms().marked


def test_a_repair_does_not_touch_the_host_that_is_looked_at() -> None:
    host = faults.missing_accept()
    assert host.try_repair("iptables -F; iptables -P FORWARD ACCEPT").rules[1] == "filter :FORWARD ACCEPT"
    assert host.run("iptables -S FORWARD | head -n 1").output == "-P FORWARD DROP\n"


@pytest.mark.parametrize("make", HOSTS.values(), ids=HOSTS)
def test_the_notebooks_commands_print_what_linux_printed(make: Any) -> None:
    """The recorded labs: the host, its probes, the notebook's commands, and one call more with TRACE."""
    host: BrokenHost = make()
    _, _, rest = capture("notebook-12.txt").partition(f"@@@LAB {host.name}\n")
    lab, output, log = re.split(r"@@@OUTPUT\n|@@@LOG\n", rest.partition("@@@LAB ")[0])
    assert lab.startswith(host.setup)
    assert all(probe.command in lab for probe in host.probes)
    result = run_lab(lab, kernel="6.1")
    real, ours = Mask(lab), Mask(lab)
    port = re.compile(r"(received on \S+) \d+")  # the caller's port, drawn by lot
    assert ours.output(port.sub(r"\1", result.output)) == real.output(port.sub(r"\1", output))
    assert [ours.log(line) for line in result.log] == [real.log(line) for line in log.splitlines()]


@pytest.mark.skipif(why_not_live() is not None, reason=f"no live run: {why_not_live()}")
@pytest.mark.parametrize("make", HOSTS.values(), ids=HOSTS)
def test_linux_breaks_and_heals_likewise(make: Any) -> None:
    host: BrokenHost = make()
    repair = next(answer for name, answer in RIGHT if name == host.name)
    before = [happens for _, _, happens in host.symptoms().rows]
    after = ["yes" if p.wanted else "no" for p in host.probes]
    # /run is the lab's own folder on a real machine
    script = f"{host.setup}{tried(host, before)}{repair}\necho repaired\n{tried(host, after)}"
    broken, healed = run_live(script.replace("/seen-by", "/run/seen-by")).output.split("repaired\n")
    assert broken.split()[: len(before)] == before  # after that, what the repair itself prints
    assert healed.split() == after


def tried(host: BrokenHost, expected: list[str]) -> str:
    """All probes as a script that says yes or no of each.

    Another process may take a moment to listen, or to write down who called: what should be a yes is tried again.
    """
    return "".join(
        f"probe() {{ {p.command}; }} > /dev/null 2>&1\n"
        f"for n in {'1 2 3 4 5' if yes == 'yes' else '1'}; do sleep 0.2; probe && break; done && echo yes || echo no\n"
        for p, yes in zip(host.probes, expected, strict=True)
    )


def test_the_nodes_are_broken_as_said() -> None:
    full = faults.full_disk().record()
    assert faults.least_available(full) == 0
    flapping = faults.flapping_condition().record()
    assert flapping.history.event_count("NodeHasDiskPressure") == 5
    assert faults.pressure_ends(flapping) is not None
    forever = faults.flapping_condition("10h").record()
    assert faults.pressure_ends(forever) is None
