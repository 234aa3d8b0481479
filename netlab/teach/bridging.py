"""The exercises of notebooks 03 and 04: the bridge's decision, hooks, and a rule for traffic on a bridge.

Numbers are right if a lab, run here, counts the same. Commands are run on a fresh host and judged by what happens to
the packets after them, not by how they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from netlab.data import article
from netlab.lab import Lab, run_lab
from netlab.show.bridge import decision_of
from netlab.teach.answers import commands, names, number, numbers
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.commands import obey
from netlab.teach.faults import BrokenHost, Probe, Trial
from netlab.trace import read_trace

_SOURCE: Final = "your commands"


def bridge() -> tuple[Exercise[Any], ...]:
    """All of notebook 03, in its order."""
    return (_copies(), _keep_the_port(), _four_addresses())


def hooks() -> tuple[Exercise[Any], ...]:
    """All of notebook 04, in its order."""
    return (_lines_of_the_ping(), _oneway_of())


# --- 03: the bridge's decision --------------------------------------------------------------------------------------

BOXES: Final = """\
ip link add br0 address 02:00:00:00:00:ff type bridge
ip addr add 10.0.0.254/24 dev br0
ip link set br0 up
for n in 1 2 3; do
  ip netns add c$n
  ip netns exec c$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip link add port$n address 02:00:00:00:00:0$n type veth peer name eth0 netns c$n address 02:42:0a:00:00:0$n
  ip link set port$n master br0 up
  ip -n c$n link set eth0 up
  ip -n c$n addr add 10.0.0.$n/24 dev eth0
done
"""
"""The three boxes of notebook 03 on their bridge."""

TEN_PORTS: Final = """\
ip link add br0 type bridge
ip link set br0 up
for n in 1 2 3 4 5 6 7 8 9 10; do
  ip link add port$n type veth peer name end$n
  ip link set port$n master br0 up
  ip link set end$n up
done
ip netns add c1
ip link set end1 netns c1
ip -n c1 link set end1 up
ip -n c1 addr add 10.0.0.1/24 dev end1
ip -n c1 neigh add 10.0.0.2 lladdr 02:42:0a:00:00:02 dev end1
for place in nat:PREROUTING filter:INPUT filter:FORWARD filter:OUTPUT nat:POSTROUTING; do
  ebtables -t ${place%:*} -A ${place#*:} -p ipv4 --ip-proto icmp --log-ip --log-prefix "eb:$place" -j CONTINUE
done
ip netns exec c1 ping -c 1 -W 1 10.0.0.2
"""
"""A box on the first of ten ports sends a frame to a MAC address that the bridge does not know."""


@cache
def _flooded_lines() -> int:
    return len(run_lab(TEN_PORTS).log)


def _copies() -> Exercise[float]:
    return Exercise(
        name="copies-of-a-flood",
        wanted="a number of lines",
        read=number,
        right=lambda value: value == _flooded_lines(),
        because="One line before the decision, and then two for each port but the one that the frame came from.",
        mistakes=(
            Mistake(
                made=lambda value: value == 21,
                hint="Would you send a letter back to the one who brought it? Count the ports again.",
            ),
            Mistake(
                made=lambda value: value in (27, 30),
                hint="PREROUTING comes before the bridge decides. How many copies are there at that moment?",
            ),
            Mistake(
                made=lambda value: value == 3,
                hint="That is what a frame to a known address makes. What does a flood do after the decision?",
            ),
            Mistake(
                made=lambda value: value in (18, 20),
                hint="You have FORWARD and POSTROUTING of the copies. Which chain saw the frame before there were copies?",
            ),
            Mistake(
                made=lambda value: value in (9, 10, 11),
                hint="Each copy passes two chains after the decision. Which is the second?",
            ),
        ),
        otherwise="Write down the lines of the flood with three ports, and see what another port adds.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What became of frames of c1 after the learner's commands: at once, and after long silence."""

    text: str
    answered: bool
    way: str
    ports: tuple[str, ...]
    later: str
    others: str


@lru_cache(16)
def _kept(text: str) -> _Kept:
    lab = Lab("6.1")
    ping = "ip netns exec c1 ping -c 1 -W 1 10.0.0."
    lab.run(f"{BOXES}\n{ping}2; {ping}3; sleep 400")
    obey(lab, text)
    now = lab.run(ping + "2")
    lab.run(ping + "3")
    decided = decision_of(now.packets[0]) if now.packets else None
    lab.run("sleep 400")
    later, others = (lab.run(ping + box).packets for box in "23")
    return _Kept(
        text=text,
        answered=now.status == 0,
        way=decided.action if decided else "",
        ports=decided.ports if decided else (),
        later=way_of(later),
        others=way_of(others),
    )


def way_of(packets: Any) -> str:
    """What the bridge decided about the first of some packets; empty if none came to it."""
    decided = decision_of(packets[0]) if packets else None
    return decided.action if decided else ""


def _keep_the_port() -> Exercise[_Kept]:
    return Exercise(
        name="keep-the-port",
        wanted='your command, as text such as "bridge ..."',
        read=lambda answer: _kept(commands(answer, _SOURCE)),
        right=lambda kept: kept.answered and kept.later == "forward" and kept.others == "flood",
        because="A static entry belongs to a port, and does not age; all the others go on learning and forgetting.",
        mistakes=(
            Mistake(
                made=lambda kept: kept.way == "pass up",
                hint="Now the bridge takes the address for one of its own, and passes the frames up to the host. bridge "
                "says permanent for that. What is an entry that only does not age?",
            ),
            Mistake(
                made=lambda kept: kept.way == "forward" and not kept.answered,
                hint="The frame goes to one port, and c2 is not there. Which port is its own?",
            ),
            Mistake(
                made=lambda kept: kept.later == "forward" and kept.others == "forward",
                hint="It works, for every address: a box that moves to another port would be lost for long. Ask for "
                "this one address only.",
            ),
            Mistake(
                made=lambda kept: bool(re.search(r"\b(neigh|arp)\b", kept.text)),
                hint="c1 knew the MAC address all the time: that is the neighbour table. Who does not know the port?",
            ),
            Mistake(
                made=lambda kept: "fdb" in kept.text and "master" not in kept.text,
                hint="Your entry went into a table of the port itself. Which word of bridge fdb names the bridge's?",
            ),
            Mistake(
                made=lambda kept: kept.way == "forward" and kept.later == "flood",
                hint="It works now, and not after 400 seconds: your entry has aged like a learnt one.",
            ),
        ),
        otherwise="The frame for c2 is still flooded. Look into bridge fdb show: is there an entry for c2's address?",
    )


MOVING: Final = """\
ip link add br9 type bridge
ip link add low type veth peer name low-end
ip link add high type veth peer name high-end
ip link set low address 02:00:00:00:00:0a
ip link set high address 02:00:00:00:00:0b
ip link set high master br9
cat /sys/class/net/br9/address
ip link set low master br9
cat /sys/class/net/br9/address
ip link set low nomaster
cat /sys/class/net/br9/address
ip link set br9 address 02:00:00:00:00:99
ip link set low master br9
cat /sys/class/net/br9/address
"""
"""What notebook 03 does to a bridge to see its address move."""


@cache
def _addresses() -> tuple[str, ...]:
    return tuple(line[-2:] for line in run_lab(MOVING).output.split())


def _last_bytes(answer: object) -> tuple[str, ...]:
    return tuple(part.lower().strip("….")[-2:] for part in names(answer))


def _four_addresses() -> Exercise[tuple[str, ...]]:
    return Exercise(
        name="four-addresses",
        wanted='the last bytes of the four addresses, such as "0c 0d 0e 0f",',
        read=_last_bytes,
        right=lambda bytes_: bytes_ == _addresses(),
        because="The smallest address of the ports, at any moment, until somebody sets one: that one stays.",
        mistakes=(
            Mistake(
                made=lambda bytes_: len(bytes_) != 4,
                hint="Four are asked for: after each of the three moves, and at the end.",
            ),
            Mistake(
                made=lambda bytes_: bytes_[1] == "0b",
                hint="The bridge does not keep the address of its first port. What is there to compare when the second "
                "comes?",
            ),
            Mistake(
                made=lambda bytes_: bytes_[2] == "0a",
                hint="When …:0a is pulled out, whose address would the bridge have?",
            ),
            Mistake(
                made=lambda bytes_: bytes_[3] == "0a",
                hint="Before the last move somebody has chosen an address by hand. May a port that comes later undo that?",
            ),
            Mistake(
                made=lambda bytes_: bytes_[3] == "0b",
                hint="At the end …:0b is neither the smallest nor the one that was set.",
            ),
        ),
        otherwise="Take one move after the other: which ports does the bridge have, and which address is the smallest?",
    )


# --- 04: hooks ------------------------------------------------------------------------------------------------------


@cache
def _article_packets() -> tuple[int, ...]:
    journeys = read_trace(article("trace-container-to-container.txt")).journeys()
    return tuple(len(journey.records) for journey in journeys)


def _lines_of_the_ping() -> Exercise[tuple[float, ...]]:
    def total(value: tuple[float, ...]) -> bool:
        return _article_packets()[0] + sum(value) == sum(_article_packets())

    return Exercise(
        name="lines-of-the-ping",
        wanted="two numbers, such as (1, 2),",
        read=numbers(2),
        right=lambda value: value == _article_packets()[1:],
        because="Ten each: nat's two lines are gone, and FORWARD ends at an earlier rule.",
        mistakes=(
            Mistake(
                made=lambda value: not total(value),
                hint="The first request makes 14 lines, and all three packets 34. Yours add up to something else.",
            ),
            Mistake(
                made=lambda value: value[0] == _article_packets()[0],
                hint="You took the reply for a packet like the first. Which of the 14 lines will it not make again?",
            ),
            Mistake(
                made=lambda value: value[1] == _article_packets()[0],
                hint="The second request has the same addresses and the same id as the first. Does the kernel meet it "
                "for the first time?",
            ),
        ),
        otherwise="Two of the three packets are treated exactly alike. Which two?",
    )


def oneway_of() -> BrokenHost:
    """The host of notebook 04 with a LAN behind it: c2 may still call c1."""
    return BrokenHost(
        name="one-way",
        setup="""\
ip link add docker0 type bridge
ip addr add 192.168.0.1/20 dev docker0
docker run --name c1 -d foo:latest > /dev/null
docker run --name c2 -d foo:latest > /dev/null
ip netns add out
ip link add eth0 type veth peer name eth0 netns out
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n out addr add 192.0.2.9/24 dev eth0
ip -n out link set eth0 up
""",
        probes=(
            Probe("c1 pings c2", "docker exec c1 ping -c 1 -W 1 192.168.0.3"),
            Probe("c2 pings c1", "docker exec c2 ping -c 1 -W 1 192.168.0.2", wanted=False),
            Probe("c2 pings the world", "docker exec c2 ping -c 1 -W 1 192.0.2.9"),
        ),
    )


@lru_cache(16)
def _one_way_tried(text: str) -> Trial:
    return oneway_of().try_repair(text)


def _oneway_of() -> Exercise[Trial]:
    def open_still(trial: Trial) -> bool:
        return not trial.held["c2 pings c1"]

    def added(pattern: str) -> Callable[[Trial], bool]:
        return lambda trial: open_still(trial) and any(re.search(pattern, rule) for rule in trial.added)

    return Exercise(
        name="one-way",
        wanted='your command, as text such as "iptables ..."',
        read=lambda answer: _one_way_tried(commands(answer, _SOURCE)),
        right=lambda trial: trial.repaired,
        because="Only what c2 begins is dropped; its answers belong to a conversation that c1 began.",
        mistakes=(
            Mistake(
                made=lambda trial: trial.elsewhere,
                hint="That was done inside a container. Its owner can undo it; the host's rules are yours.",
            ),
            Mistake(
                made=lambda trial: not trial.held["c1 pings c2"],
                hint="Now c1 gets no answer either: an answer comes from c2 as well. How does it differ from a question?",
            ),
            Mistake(
                made=lambda trial: not trial.held["c2 pings the world"],
                hint="c1 is safe, and c2 cannot call anybody. Your rule has a source; what else has it to say?",
            ),
            Mistake(
                made=added(r"^(filter|mangle) -A (INPUT|OUTPUT) "),
                hint="INPUT and OUTPUT are for packets to and from the host. Look at the hops of the request once more.",
            ),
            Mistake(
                made=added(r"-[io] veth"),
                hint="At an IPv4 hook the devices are docker0 and docker0; the cables stand in PHYSIN and PHYSOUT. "
                "Addresses say it too.",
            ),
            Mistake(
                made=added(r"^filter -A (DOCKER-USER|FORWARD) "),
                hint="The packet got through. Has a rule before yours let it go? iptables -nvL --line-numbers counts.",
            ),
        ),
        otherwise="c2's ping still arrives. Which hop of IPv4 does it pass, and which chain of Docker's comes first there?",
    )
