"""The exercises of notebooks 00 and 02: stop one ping, make a container by hand, find a jump, trace only requests.

Commands are right by what comes of them, however they are written; mistakes are recognised in the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from netlab.data import article
from netlab.lab import Lab
from netlab.rules import read_rules
from netlab.rules.targets import Jump
from netlab.teach.answers import names
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.commands import happens, run_on, said, traced

if TYPE_CHECKING:
    from netlab.show import Graph


def start() -> tuple[Exercise[Any], ...]:
    """The exercise of notebook 00."""
    return (_stop_the_ping(),)


def build() -> tuple[Exercise[Any], ...]:
    """All of notebook 02, in its order."""
    return (_by_hand(), _jumps_to_docker(), _trace_requests())


# --- notebook 00 ------------------------------------------------------------------------------------------------

TWO_CONTAINERS: Final = """\
docker run --name c1 -d foo > /dev/null
docker run --name c2 -d foo > /dev/null
docker exec c2 nc -lk -p 80 &
"""

_INSIDE: Final = """\
for n in c1 c2; do
  ip -n $n -br addr
  ip -n $n route
  ip netns exec $n iptables-save | grep '^-A'
  ip netns exec $n sysctl net.ipv4.icmp_echo_ignore_all
done
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stopped:
    ping: bool
    to_host: bool
    call: bool
    added: str
    inside: str


def _stop_the_ping() -> Exercise[_Stopped]:
    def look(lab: Lab) -> _Stopped:
        rules, inside = said(lab, "iptables -S"), said(lab, _INSIDE)
        return _Stopped(
            ping=happens(lab, "docker exec c1 ping -c 1 -W 1 172.17.0.3"),
            to_host=happens(lab, "docker exec c1 ping -c 1 -W 1 172.17.0.1"),
            call=happens(lab, "docker exec c1 nc -z -w 1 172.17.0.3 80"),
            added=rules,
            inside=inside,
        )

    @lru_cache(1)
    def before() -> str:
        lab = Lab("4.4")
        lab.run(TWO_CONTAINERS)
        return said(lab, _INSIDE)

    return Exercise(
        name="stop-the-ping",
        wanted='your command, as text such as "iptables -A ...",',
        read=run_on(TWO_CONTAINERS, look),
        right=lambda seen: not seen.ping and seen.to_host and seen.call and seen.inside == before(),
        because="The bridge shows its packets to iptables, and a rule that is asked in time decides.",
        mistakes=(
            Mistake(
                made=lambda seen: seen.inside != before(),
                hint="Something inside a container has changed. Leave both as they are, and let the host do it.",
            ),
            Mistake(
                made=lambda seen: not seen.ping and not seen.to_host,
                hint="c1 can no longer ping the host either. What has only the packet that goes on to c2: a hook, or "
                "an address?",
            ),
            Mistake(
                made=lambda seen: not seen.ping and not seen.call,
                hint="The ping is stopped, and with it the call to port 80. Your rule says too little of what it means.",
            ),
            Mistake(
                made=lambda seen: bool(re.search(r"^-A (INPUT|OUTPUT) ", seen.added, re.MULTILINE)),
                hint="INPUT and OUTPUT are for packets that end or begin on the host itself. Which hook of the upper "
                "floor did the request pass between its first and its last?",
            ),
            Mistake(
                made=lambda seen: bool(
                    re.search(r"^-A FORWARD .*-j (DROP|REJECT)", seen.added, re.MULTILINE)
                ),
                hint="The right chain, but this rule is never asked. Which rule of FORWARD printed the last line there, "
                "and what is its target?",
            ),
        ),
        otherwise="The ping still gets through. Look at the table of hops: where could a rule of yours be asked?",
    )


# --- notebook 02 ------------------------------------------------------------------------------------------------

ARTICLE_HOST: Final = """\
sysctl -q -w net.ipv4.ip_forward=0
ip link add docker0 address 02:42:ff:27:17:4d type bridge
ip addr add 192.168.0.1/20 dev docker0
ip link set docker0 up
docker run --name c1 -d foo > /dev/null
docker run --name c2 -d foo > /dev/null
"""


def third_container() -> Graph:
    """The shape to aim for in "by-hand": the same host when Docker has made c3."""
    from netlab.show import topology

    lab = Lab("4.4")
    lab.run(f"{ARTICLE_HOST}docker run --name c3 -d foo")
    return topology(lab.world)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    host: str
    ports: str
    inside: str
    reached: bool
    default: bool

    @property
    def addressed(self) -> bool:
        return " 192.168.0.4/" in self.inside


def _by_hand() -> Exercise[_Made]:
    def look(lab: Lab) -> _Made:
        return _Made(
            host=said(lab, "ip -br addr"),
            ports=said(lab, "ip -br link show master docker0"),
            inside=said(lab, "ip netns list | grep -q '^c3' && ip -n c3 -br addr"),
            reached=happens(lab, "docker exec c1 ping -c 1 -W 1 192.168.0.4"),
            default=happens(lab, "ip -n c3 route | grep -q '^default via 192.168.0.1 '"),
        )

    return Exercise(
        name="by-hand",
        wanted='your commands, as text such as "ip netns add c3; ...",',
        read=run_on(ARTICLE_HOST, look),
        right=lambda made: made.reached and made.default and made.addressed,
        because="A namespace, a cable, an address and a route: c1 cannot tell it from what Docker makes.",
        mistakes=(
            Mistake(
                made=lambda made: not made.inside,
                hint="There is no namespace c3, so nothing can be in it.",
            ),
            Mistake(
                made=lambda made: " 192.168.0.4/" in made.host,
                hint="The address is on the host's side. Which end of a cable has one, in your picture above?",
            ),
            Mistake(
                made=lambda made: not made.addressed,
                hint="Nobody in c3 has the address 192.168.0.4. Is an end of a cable there, and does it have a name yet?",
            ),
            Mistake(
                made=lambda made: len(made.ports.splitlines()) < 3,
                hint="The bridge has still two ports: the host's end of your cable is plugged in nowhere.",
            ),
            Mistake(
                made=lambda made: (
                    not made.reached
                    and bool(re.search("^(?!lo ).* DOWN ", made.ports + made.inside, re.MULTILINE))
                ),
                hint="All is there, but a cable works only if both of its ends are up.",
            ),
            Mistake(
                made=lambda made: made.reached and not made.default,
                hint="Neighbours reach it. To whom does c3 send a packet for the rest of the world?",
            ),
        ),
        otherwise="Compare with what docker --expand printed, line by line.",
    )


def _jumps_to_docker() -> Exercise[frozenset[str]]:
    nat = read_rules(article("iptables-save.txt"))["nat"]
    jumps = {chain.name for chain in nat if any(rule.target == Jump("DOCKER") for rule in chain.rules)}
    return Exercise(
        name="jumps-to-docker",
        wanted='names of chains, such as ("INPUT", "OUTPUT"),',
        read=lambda answer: frozenset(name.upper().removeprefix("NAT:") for name in names(answer)),
        right=lambda chains: chains == jumps,
        because="Both are places where a destination is chosen: for what comes in, and for what the host sends.",
        mistakes=(
            Mistake(
                made=lambda chains: "POSTROUTING" in chains,
                hint="The article says so, too. What is the target of the only rule there?",
            ),
            Mistake(
                made=lambda chains: "FORWARD" in chains,
                hint="That jump is in another table: nat has no such chain. Each table has a DOCKER of its own.",
            ),
            Mistake(
                made=lambda chains: "DOCKER" in chains,
                hint="DOCKER is where they jump to; its own rule has another target.",
            ),
            Mistake(
                made=lambda chains: bool(chains) and chains < jumps,
                hint="That is one. What the host sends by itself does not pass it.",
            ),
        ),
        otherwise="Look for -j DOCKER between *nat and COMMIT.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requests:
    """Who of ``c1 c2`` had its request traced, whether a reply was, whether a rule only logs."""

    askers: frozenset[str]
    reply: bool
    logged: bool


def _trace_requests() -> Exercise[_Requests]:
    def look(lab: Lab) -> _Requests:
        records = traced(lab, "docker exec c1 ping -c 1 192.168.0.3\ndocker exec c2 ping -c 1 192.168.0.2")
        ours = [one for one in records if one.trace is not None]
        return _Requests(
            askers=frozenset(str(one.ip.src) for one in ours if one.ip and one.ip.type == 8),
            reply=any(one.ip is not None and one.ip.type == 0 for one in ours),
            logged=len(ours) < len(records),
        )

    return Exercise(
        name="trace-requests",
        wanted='your command, as text such as "iptables -t raw ...",',
        read=run_on(ARTICLE_HOST, look),
        right=lambda seen: len(seen.askers) == 2 and not seen.reply and not seen.logged,
        because="The rule marks what fits it; a packet that is not marked is not reported, whichever rules it meets.",
        mistakes=(
            Mistake(
                made=lambda seen: seen.logged,
                hint="LOG reports at its own place. Which target makes every later rule report?",
            ),
            Mistake(
                made=lambda seen: seen.reply,
                hint="Replies are reported as well. In which field of the log do a request and its reply differ?",
            ),
            Mistake(
                made=lambda seen: len(seen.askers) == 1,
                hint="One of the two requests is reported. Say what the packet is, not who sent it.",
            ),
        ),
        otherwise="Nothing is reported. Where does a packet begin its way that a container sends, and where one that "
        "the host sends?",
    )
