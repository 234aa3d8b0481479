"""The exercises of notebooks 05 and 06: what conntrack remembers, and packets of the host's own.

Judged as those of ``netlab.teach.bridging``: numbers are counted by a lab, commands are run on a fresh host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from netlab.lab import Lab, run_lab
from netlab.teach.answers import commands, number, numbers
from netlab.teach.bridging import way_of
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.commands import obey

_SOURCE: Final = "your commands"


def conntrack() -> tuple[Exercise[Any], ...]:
    """All of notebook 05, in its order."""
    return (_forget_now(), _quick_and_slow())


def leaving() -> tuple[Exercise[Any], ...]:
    """All of notebook 06, in its order."""
    return (_copies_from_the_host(), _flood_again(), _packets_on_lo())


# --- 05: connection tracking ----------------------------------------------------------------------------------------

TRACED: Final = """\
ip link add docker0 type bridge
ip addr add 192.168.0.1/20 dev docker0
docker run --name c1 -d foo:latest > /dev/null
docker run --name c2 -d foo:latest > /dev/null
iptables -t raw -A PREROUTING -p icmp -j TRACE
"""
"""The host of notebook 05."""


def _lines(log: tuple[str, ...], prefix: str) -> int:
    return sum(line.startswith(prefix) for line in log)


@cache
def _asked(options: str) -> int:
    lab = Lab("4.4")
    lab.run(TRACED)
    return _lines(lab.run(f"docker exec c1 ping {options} 192.168.0.3").log, "TRACE: nat:POSTROUTING")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forgot:
    """What the same ping met after the learner's commands."""

    text: str
    asked: bool
    seconds: float
    others: bool


@lru_cache(16)
def _forgot(text: str) -> _Forgot:
    lab = Lab("4.4")
    lab.run(
        f"{TRACED}\ndocker exec c2 ping -e 88 -c 1 192.168.0.1\ndocker exec c1 ping -e 77 -c 1 192.168.0.3\ndmesg -C"
    )
    before = lab.world.now
    obey(lab, text)
    seconds = lab.world.now - before
    others = lab.run("conntrack -L | grep -q id=88").status == 0
    again = lab.run("dmesg -C\ndocker exec c1 ping -e 77 -c 1 192.168.0.3")
    return _Forgot(
        text=text, asked=_lines(again.log, "TRACE: nat:PREROUTING") > 0, seconds=seconds, others=others
    )


def _forget_now() -> Exercise[_Forgot]:
    return Exercise(
        name="forget-now",
        wanted='your command, as text such as "conntrack ..."',
        read=lambda answer: _forgot(commands(answer, _SOURCE)),
        right=lambda forgot: forgot.asked and forgot.others and forgot.seconds < 30,
        because="Without its entry the next packet is a first packet, and nat is asked.",
        mistakes=(
            Mistake(
                made=lambda forgot: forgot.asked and forgot.seconds >= 30,
                hint="That is waiting, and traffic that never pauses will not wait with you. Take the entry away.",
            ),
            Mistake(
                made=lambda forgot: forgot.asked and not forgot.others,
                hint="It works, and c2's connection to the host is forgotten as well. conntrack -D can be told whose "
                "entry is meant.",
            ),
            Mistake(
                made=lambda forgot: not forgot.others,
                hint="That was the other entry. Who sends the packet, and to whom?",
            ),
            Mistake(
                made=lambda forgot: "iptables" in forgot.text,
                hint="Rules are not asked as long as the entry is there, new ones as little as old ones.",
            ),
            Mistake(
                made=lambda forgot: bool(re.search(r"conntrack (-L|-C|-G|--dump)", forgot.text)),
                hint="That shows the entry. It has to go.",
            ),
        ),
        otherwise="nat is still silent: the entry with id=77 is still there. Which command shows and deletes entries?",
    )


def _quick_and_slow() -> Exercise[tuple[float, ...]]:
    def wanted() -> tuple[float, ...]:
        return float(_asked("-c 4")), float(_asked("-c 4 -i 40"))

    return Exercise(
        name="quick-and-slow",
        wanted="two numbers, such as (2, 3),",
        read=numbers(2),
        right=lambda value: value == wanted(),
        because="Every second the entry begins its 30 seconds anew; after 40 it is gone, and each request is a first one.",
        mistakes=(
            Mistake(
                made=lambda value: value[0] == 4,
                hint="Four requests, four answers, one id. For how many of the packets is the source half still open?",
            ),
            Mistake(
                made=lambda value: max(value) == 8 or value[0] == 2,
                hint="An answer belongs to the entry of its request. Does it find a half that is not decided?",
            ),
            Mistake(
                made=lambda value: value[1] == value[0],
                hint="The addresses and the id are the same. How old is the entry when the next request comes?",
            ),
            Mistake(
                made=lambda value: value[1] in (2, 3),
                hint="The clock of an entry begins anew with each packet, not with the first. How long is each pause?",
            ),
        ),
        otherwise="Ask of each request: is there an entry for it at this moment?",
    )


# --- 06: packets of the host's own ----------------------------------------------------------------------------------

HOST: Final = """\
ip link add docker0 address 02:42:ff:27:17:4d type bridge
ip addr add 192.168.0.1/20 dev docker0
docker run --name c1 -d foo:latest > /dev/null
docker run --name c2 -d foo:latest > /dev/null
set -- $(ip -br link show master docker0 | cut -d @ -f 1)
ip link set $1 down
ip link set $1 name veth0594f4b up
ip link set $2 down
ip link set $2 name veth57a3dec up
"""
"""The author's host, as notebook 06 makes it."""

FOUR: Final = """\
ip link add docker0 type bridge
ip addr add 192.168.0.1/20 dev docker0
for n in 1 2 3 4; do docker run --name c$n -d foo:latest > /dev/null; done
ping -c 1 192.168.0.2 > /dev/null
sleep 400
for place in nat:OUTPUT filter:OUTPUT nat:POSTROUTING; do
  ebtables -t ${place%:*} -A ${place#*:} -p ipv4 --ip-proto 1 --log-ip --log-prefix "TRACE: eb:$place" -j ACCEPT
done
ping -c 1 192.168.0.2
"""
"""The host pings one of four containers, whose port the bridge has forgotten."""


@cache
def _host_lines() -> int:
    return _lines(run_lab(FOUR, kernel="4.4").log, "TRACE: eb:")


def _copies_from_the_host() -> Exercise[float]:
    return Exercise(
        name="copies-from-the-host",
        wanted="a number of lines",
        read=number,
        right=lambda value: value == _host_lines(),
        because="The bridge decides before its first chain, so each of the four copies passes all three.",
        mistakes=(
            Mistake(
                made=lambda value: value == 3,
                hint="That is one copy. To how many ports does the bridge send when it has forgotten the right one?",
            ),
            Mistake(
                made=lambda value: value in (9, 7),
                hint="In notebook 03 a port was left out, since the frame had come in by it. Did this one come in by a port?",
            ),
            Mistake(
                made=lambda value: value in (8, 4),
                hint="Look at one copy in the log above: in which tables does it pass OUTPUT?",
            ),
            Mistake(
                made=lambda value: value in (6, 5),
                hint="On this path the decision comes before OUTPUT, not after it. How often does each copy print there?",
            ),
        ),
        otherwise="Count the lines with eb: that one copy makes in the log above. Then count the copies.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """What the host's next ping met after the learner's commands."""

    text: str
    way: str
    answered: bool
    seconds: float
    knows: bool


@lru_cache(16)
def _again(text: str) -> _Again:
    lab = Lab("4.4")
    lab.run(HOST + "ping -c 1 192.168.0.2")
    before = lab.world.now
    obey(lab, text)
    seconds = lab.world.now - before
    knows = "lladdr" in lab.run("ip neigh show 192.168.0.2").output
    ping = lab.run("ping -c 1 -W 1 192.168.0.2")
    return _Again(
        text=text, way=way_of(ping.packets), answered=ping.status == 0, seconds=seconds, knows=knows
    )


def _flood_again() -> Exercise[_Again]:
    return Exercise(
        name="flood-again",
        wanted='your command, as text such as "bridge ..."',
        read=lambda answer: _again(commands(answer, _SOURCE)),
        right=lambda again: again.way == "flood" and again.answered and again.seconds < 60,
        because="The host still knows the MAC address, the bridge no longer its port: a flood, without ARP before it.",
        mistakes=(
            Mistake(
                made=lambda again: again.way == "flood" and again.seconds >= 60,
                hint="It floods, after a long wait. Which entry did you wait for? Take it away.",
            ),
            Mistake(
                made=lambda again: not again.answered,
                hint="Now the ping is not answered at all. Nothing should break; one of the two tables should forget.",
            ),
            Mistake(
                made=lambda again: not again.knows,
                hint="The host has forgotten the MAC address, so it asks by ARP first. What does the bridge learn from "
                "the answer?",
            ),
            Mistake(
                made=lambda again: "57a3dec" in again.text,
                hint="That cable leads to c2. Whose port has to be forgotten?",
            ),
            Mistake(
                made=lambda again: bool(re.search(r"iptables|ebtables|conntrack", again.text)),
                hint="No rule sent the second cable its copy. Which table tells the bridge a port?",
            ),
        ),
        otherwise="The bridge still knows the port. bridge fdb show lists what it knows; what is the opposite of add?",
    )


@cache
def _counted() -> int:
    lab = Lab("4.4")
    lab.run(f"{HOST}\niptables -A INPUT -i lo -j ACCEPT\nping -c 3 192.168.0.1")
    listed = re.search(r"^\s*(\d+)\s.*\blo\b", lab.run("iptables -nvL INPUT").output, re.MULTILINE)
    assert listed
    return int(listed[1])


def _packets_on_lo() -> Exercise[float]:
    return Exercise(
        name="packets-on-lo",
        wanted="a number of packets",
        read=number,
        right=lambda value: value == _counted(),
        because="Requests and answers both go out by lo and come in by lo, and pass INPUT when they come in.",
        mistakes=(
            Mistake(
                made=lambda value: value == 3,
                hint="Three packets come in. Three others are sent in answer: where do they arrive?",
            ),
            Mistake(
                made=lambda value: value == 0,
                hint="The address stands on docker0. By which device does a packet to an address of one's own come in?",
            ),
            Mistake(
                made=lambda value: value == 12,
                hint="You count each packet on its way out too. Through which hooks of the two does a rule in INPUT look?",
            ),
            Mistake(
                made=lambda value: value in (1, 2),
                hint="This is filter, not nat: it counts packets, not connections.",
            ),
        ),
        otherwise="How many packets does ping -c 3 make with their answers, and how many of them come in here?",
    )
