"""The exercises of notebooks 07 and 08: masquerade the right packets, publish a port and guard it.

Rules are right by what comes of them on a fresh host, however they are written. Those of notebook 09 are in ``serving``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from netlab.lab import Lab
from netlab.show.words import listed
from netlab.teach.answers import names, number
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.commands import happens, run_on, said

COMMANDS: Final = 'your commands, as text such as "iptables -t nat -A ..."'
RULES: Final = "iptables-save | grep '^-A'"


def masquerade() -> tuple[Exercise[Any], ...]:
    """All of notebook 07, in its order."""
    return (_routers_on_the_way(), _write_masquerade())


def publish() -> tuple[Exercise[Any], ...]:
    """All of notebook 08, in its order."""
    return (_publish_by_hand(), _source_of_each(), _guard_the_port())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of rules: which of the things tried came to pass, the host's rules, what the others' machines have."""

    held: dict[str, bool]
    rules: str
    inside: str

    def has(self, pattern: str) -> bool:
        """Whether a rule has this in it."""
        return re.search(pattern, self.rules, re.MULTILINE) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host to write rules on: the script that makes it, the machines of others, and what is tried by name.

    Exit status 0 of a command says that it came to pass, and all of them should.
    """

    setup: str
    others: str
    probes: dict[str, str]

    def look(self, lab: Lab) -> Seen:
        """Try everything."""
        rules, inside = said(lab, RULES), self._survey(lab)
        held = {name: happens(lab, command) for name, command in self.probes.items()}
        return Seen(held=held, rules=rules, inside=inside)

    def _survey(self, lab: Lab) -> str:
        parts = f"ip -n $n -br addr; ip -n $n route; ip netns exec $n {RULES}"
        return said(lab, f"for n in {self.others}; do {parts}; done")

    def exercise(self, name: str, because: str, *mistakes: Mistake[Seen], otherwise: str) -> Exercise[Seen]:
        """Write rules until all comes to pass, and leave the others' machines alone."""

        def elsewhere(seen: Seen) -> bool:
            fresh = Lab("6.1")
            fresh.run(self.setup)
            return seen.inside != self._survey(fresh)

        theirs = (
            f"Something inside {listed(self.others.split())} has changed. They are not yours; the host is."
        )
        return Exercise(
            name=name,
            wanted=COMMANDS,
            read=run_on(self.setup, self.look, "6.1"),
            right=lambda seen: all(seen.held.values()) and not elsewhere(seen),
            because=because,
            mistakes=(Mistake(made=elsewhere, hint=theirs), *mistakes),
            otherwise=otherwise,
        )


def call(netns: str, address: str, port: int, source: str = "") -> str:
    bound = f"-s {source} " if source else ""
    return f"ip netns exec {netns} nc -z -w 1 {bound}{address} {port}"


def seen_by(name: str, address: str) -> str:
    return f"grep -q 'received on {address} ' /seen-by-{name}"


# --- notebook 07 ------------------------------------------------------------------------------------------------


def _routers_on_the_way() -> Exercise[float]:
    return Exercise(
        name="routers-on-the-way",
        wanted="a number of routers",
        read=number,
        right=lambda value: value == 7,
        because="Each router takes one from TTL, and 64 - 57 are seven.",
        mistakes=(
            Mistake(
                made=lambda value: value == 8,
                hint="You counted the author's own host. Its first line shows the packet before it was routed there.",
            ),
            Mistake(
                made=lambda value: value in (56, 57),
                hint="That is what is left of the TTL. How much of it is gone?",
            ),
            Mistake(
                made=lambda value: value in (128 - 57, 128 - 56, 255 - 57, 255 - 56),
                hint="It would fit a sender that begins with 128 or 255. What does Linux begin with?",
            ),
        ),
        otherwise="Compare the TTL of the reply's first line in the article with the one that its sender wrote.",
    )


ROUTER: Final = """\
ip link add br0 type bridge
ip addr add 172.18.0.1/16 dev br0
ip link set br0 up
for n in 1 2; do
  ip netns add c$n
  ip link add port$n type veth peer name eth0 netns c$n
  ip link set port$n master br0 up
  ip -n c$n addr add 172.18.0.$((n + 1))/16 dev eth0
  ip -n c$n link set eth0 up
  ip -n c$n route add default via 172.18.0.1
  ip netns exec c$n nc -lkvn -p 80 2>> /seen-by-c$n &
done
ip netns add out
ip link add eth0 type veth peer name eth0 netns out
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n out addr add 192.0.2.9/24 dev eth0
ip -n out link set eth0 up
ip netns exec out nc -lkvn -p 8080 2>> /seen-by-out &
"""
"""Containers c1 (172.18.0.2) and c2 (172.18.0.3) on br0, servers at their port 80; out (192.0.2.9) behind eth0."""

OFFICE: Final = Host(
    setup=(
        ROUTER
        + """\
ip netns add office
ip link add eth1 type veth peer name eth0 netns office
ip addr add 10.9.0.1/24 dev eth1
ip link set eth1 up
ip -n office addr add 10.9.0.2/24 dev eth0
ip -n office link set eth0 up
ip -n office route add default via 10.9.0.1
ip -n out route add 10.9.0.0/24 via 192.0.2.1
"""
    ),
    others="c1 c2 out office",
    probes={
        "reached": call("c1", "192.0.2.9", 8080),
        "masked": seen_by("out", "192.0.2.1"),
        "office": call("office", "192.0.2.9", 8080) + " && " + seen_by("out", "10.9.0.2"),
        "neighbours": call("c1", "172.18.0.3", 80) + " && " + seen_by("c2", "172.18.0.2"),
    },
)
"""The same, with an office (10.9.0.2) behind eth1, to which out knows the way."""


def _write_masquerade() -> Exercise[Seen]:
    return OFFICE.exercise(
        "write-masquerade",
        "It names whose packets these are and where they go, so everybody else keeps the own address.",
        Mistake(
            made=lambda seen: not seen.held["reached"] and seen.has(r"-o br0 -j (MASQUERADE|SNAT)"),
            hint="Your rule is about packets that go into the bridge. By which device does one leave for out?",
        ),
        Mistake(
            made=lambda seen: not seen.held["reached"] and seen.has(r"^-A (INPUT|OUTPUT|FORWARD) "),
            hint="Nothing was dropped: the request arrives at out. Which source does it have there, and does out "
            "know a way to it?",
        ),
        Mistake(
            made=lambda seen: seen.held["masked"] and not seen.held["neighbours"],
            hint="c1 reaches out, but c2 now takes c1 for the host. What stays on the bridge passes POSTROUTING as "
            "well; what does such a packet not have in common with one for out?",
        ),
        Mistake(
            made=lambda seen: seen.held["masked"] and not seen.held["office"],
            hint="c1 reaches out, but the office is disguised as well. What do only the containers' packets have?",
        ),
        otherwise="c1 gets no answer from out. Which hook is the last that a packet passes, and which table translates?",
    )


# --- notebook 08 ------------------------------------------------------------------------------------------------

CLOSED: Final = Host(
    setup=(
        ROUTER
        + """\
ip -n out route add 172.18.0.0/16 via 192.0.2.1
ip netns exec c1 nc -lk -p 22 &
iptables -P FORWARD DROP
iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -i br0 -j ACCEPT
iptables -t nat -A POSTROUTING -s 172.18.0.0/16 ! -o br0 -j MASQUERADE
"""
    ),
    others="c1 c2 out",
    probes={
        "called": call("out", "192.0.2.1", 8080),
        "own": seen_by("c1", "192.0.2.9"),
        "shut": "! " + call("out", "172.18.0.2", 22),
        "outward": call("c2", "192.0.2.9", 8080) + " && " + seen_by("out", "192.0.2.1"),
    },
)
"""The host of ``ROUTER`` with a firewall: containers may call out, nobody may call them. c1 also serves port 22."""


def _publish_by_hand() -> Exercise[Seen]:
    return CLOSED.exercise(
        "publish-by-hand",
        "A new destination before routing, a way through FORWARD for what it has become; conntrack does the rest.",
        Mistake(
            made=lambda seen: not seen.held["called"] and not seen.has(r"^-A PREROUTING .*-j DNAT"),
            hint="The call still ends at the host, where nobody listens. At which hook must its destination change, so "
            "that routing sees the new one?",
        ),
        Mistake(
            made=lambda seen: (
                not seen.held["called"] and seen.has(r"--to-destination 172\.18\.0\.2(:8080)?$")
            ),
            hint="The call reaches c1, at a port where nobody listens there.",
        ),
        Mistake(
            made=lambda seen: not seen.held["called"] and seen.has(r"^-A INPUT "),
            hint="INPUT is for what ends on the host. Where does routing send a packet for 172.18.0.2?",
        ),
        Mistake(
            made=lambda seen: not seen.held["called"] and seen.has(r"^-A FORWARD .*--dport 8080"),
            hint="Your ACCEPT waits for the port that the caller wrote. What does the packet look like in FORWARD?",
        ),
        Mistake(
            made=lambda seen: seen.held["called"] and not seen.held["shut"],
            hint="8080 is published, and so is port 22: out can call it directly. What may pass FORWARD now?",
        ),
        Mistake(
            made=lambda seen: seen.held["called"] and not seen.held["own"],
            hint="It works, but c1 takes every caller for the host. Does the answer need that? Who remembers the way?",
        ),
        Mistake(
            made=lambda seen: seen.held["called"] and not seen.held["outward"],
            hint="c2 called port 8080 of out, and c1 answered. Your rule takes every packet for 8080, whoever it is "
            "addressed to. What does Docker's rule ask first?",
        ),
        otherwise="The packet has its new destination and is not let through. Which chain comes after routing, and what is "
        "its policy?",
    )


def _source_of_each() -> Exercise[tuple[str, ...]]:
    host, c2, web = "172.17.0.1", "172.17.0.2", "172.17.0.3"
    return Exercise(
        name="source-of-each",
        wanted="three addresses, in the order of the question",
        read=names,
        right=lambda seen: seen == (host, c2, host),
        because="One rule masquerades what the host itself sends into the bridge, another the container that calls itself.",
        mistakes=(
            Mistake(made=lambda seen: len(seen) != 3, hint="Three callers, three addresses."),
            Mistake(
                made=lambda seen: seen[0] == "127.0.0.1",
                hint="The first: to whom would web answer, if the caller were 127.0.0.1? Read the POSTROUTING rules.",
            ),
            Mistake(
                made=lambda seen: seen[0] == "192.0.2.1",
                hint="The first: one rule of POSTROUTING asks for a source of type LOCAL. Which address does it give?",
            ),
            Mistake(
                made=lambda seen: seen[1] == host,
                hint="The second: that was the proxy, which spoke in its place. Who translates the source of c2 now?",
            ),
            Mistake(
                made=lambda seen: seen[2] == web,
                hint="The third: a packet from web to web never comes back to the host. One rule was written against that.",
            ),
        ),
        otherwise=f"Which of {host}, {c2}, {web} does each have once POSTROUTING is done with it?",
    )


GUARDED: Final = Host(
    setup="""\
ip netns add out
ip link add eth0 type veth peer name eth0 netns out
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n out addr add 192.0.2.9/24 dev eth0
ip -n out addr add 192.0.2.66/24 dev eth0
ip -n out link set eth0 up
ip netns exec out nc -lk -p 8080 &
docker run --name web -d -p 8080:80 nginx > /dev/null
docker run --name shop -d -p 9090:80 nginx > /dev/null
docker exec web nc -lk -p 80 &
docker exec shop nc -lk -p 80 &
""",
    others="web shop out",
    probes={
        "friend": call("out", "192.0.2.1", 8080, "192.0.2.9"),
        "kept out": "! " + call("out", "192.0.2.1", 8080, "192.0.2.66"),
        "shop": call("out", "192.0.2.1", 9090, "192.0.2.66"),
        "outward": call("web", "192.0.2.9", 8080),
    },
)
"""Docker 28 with web published on 8080 and shop on 9090; out has two addresses, and a server of its own at 8080."""


def _guard_the_port() -> Exercise[Seen]:

    def behind(seen: Seen) -> bool:
        chain = [line for line in seen.rules.splitlines() if line.startswith("-A DOCKER-USER ")]
        end = "-A DOCKER-USER -j RETURN"
        return end in chain and chain.index(end) < len(chain) - 1

    return GUARDED.exercise(
        "guard-the-port",
        "It meets the caller's packet, knows it by the port he wrote, and leaves every other packet alone.",
        Mistake(
            made=lambda seen: not seen.held["kept out"] and seen.has(r"^-A INPUT "),
            hint="That is ufw's place. Look at the counter of your rule after a call: does the packet come there?",
        ),
        Mistake(
            made=lambda seen: not seen.held["kept out"] and behind(seen),
            hint="The chain has a rule that ends the walk, and yours stands below it.",
        ),
        Mistake(
            made=lambda seen: (
                not seen.held["kept out"]
                and seen.has(r"^-A (DOCKER-USER|FORWARD) (?!.*ctorigdstport).*--dport 8080 ")
            ),
            hint="By the time of this chain the packet has another port. Who still knows the one that was dialled?",
        ),
        Mistake(
            made=lambda seen: seen.held["kept out"] and not seen.held["shop"],
            hint="192.0.2.66 cannot reach the shop any more. How do the two published ports differ for your rule?",
        ),
        Mistake(
            made=lambda seen: seen.held["kept out"] and not seen.held["friend"],
            hint="192.0.2.9 is shut out too. If its request gets through, who stops the answer, which belongs to the "
            "same connection and has another source?",
        ),
        Mistake(
            made=lambda seen: seen.held["kept out"] and not seen.held["outward"],
            hint="web can no longer call port 8080 of others. Which way do the packets go that you meant?",
        ),
        otherwise="192.0.2.66 still gets through. Which chain of FORWARD is yours, and what does the packet look like there?",
    )
