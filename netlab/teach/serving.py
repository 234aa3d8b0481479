"""The exercises of notebook 09: a chain's name, uneven coins, a service by hand, what a rule costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from netlab.data import lab as lab_text
from netlab.errors import InputError
from netlab.lab import Lab
from netlab.rules.kubeproxy import Service, chain_hash, service_chain
from netlab.teach.answers import number
from netlab.teach.checks import Exercise, Mistake
from netlab.teach.commands import happens, run_on, said
from netlab.teach.translating import COMMANDS, RULES, call


def exercises() -> tuple[Exercise[Any], ...]:
    """All of notebook 09, in its order."""
    return (_chain_of_a_service(), _coins_all_alike(), _service_by_hand(), _one_rule_costs())


def _near(wanted: float, by: float) -> Callable[[float], bool]:
    return lambda value: abs(value - wanted) <= by


def _chain_of_a_service() -> Exercise[str]:
    service = Service(
        namespace="default", name="kubernetes", port_name="https", cluster_ip="10.96.0.1", port=443
    )
    right = service_chain(service)

    def read(answer: object) -> str:
        if not isinstance(answer, str):
            raise InputError(
                "this is not a chain's name",
                source="your answer",
                text=repr(answer),
                column=0,
                expected='text such as "KUBE-SVC-..."',
            )
        return answer.strip()

    def of(text: str) -> Callable[[str], bool]:
        return lambda value: value.removeprefix("KUBE-SVC-") == chain_hash(text)

    return Exercise(
        name="chain-of-a-service",
        wanted='the name of a chain, as text such as "KUBE-SVC-..."',
        read=read,
        right=lambda value: value == right,
        because="It is the same in every cluster: each has this service, and the name depends on nothing else.",
        mistakes=(
            Mistake(
                made=lambda value: right.endswith(value) and len(value) == 16,
                hint="The hash is right. What stands before it in a chain for a service?",
            ),
            Mistake(
                made=of(f"{service}TCP"),
                hint="kube-proxy writes the protocol in small letters before it hashes.",
            ),
            Mistake(made=of(str(service)), hint="Something follows the name before it is hashed."),
            Mistake(
                made=of("default/kubernetestcp"),
                hint="A service may have several ports. Which of them is it?",
            ),
            Mistake(
                made=of("default/kubernetes:443tcp"),
                hint="It is the port's name that is hashed, not its number.",
            ),
            Mistake(
                made=lambda value: re.fullmatch(r"(KUBE-SVC-)?[0-9a-f]{16,}", value) is not None,
                hint="These are hexadecimal digits. Chains use base32, which has the letters A to Z and 2 to 7.",
            ),
            Mistake(
                made=lambda value: len(value) > len(right) and value.startswith(right),
                hint="A chain's name may have 28 characters: 16 of the hash are kept.",
            ),
        ),
        otherwise="Hash the bytes of namespace/name:port name with the protocol behind them, as in the cell above.",
    )


def _coins_all_alike() -> Exercise[float]:
    return Exercise(
        name="coins-all-alike",
        wanted="a percentage",
        read=number,
        right=lambda value: abs(value - 400 / 9) <= 0.5,
        because="Two thirds pass the first coin, and two thirds of these the second: four ninths.",
        mistakes=(
            Mistake(
                made=_near(100 / 3, 1.1),
                hint="That would be a third of all. The second coin is thrown only for those whom the first let pass.",
            ),
            Mistake(
                made=_near(200 / 3, 0.5),
                hint="So many pass the first rule. A second stands before the last pod.",
            ),
            Mistake(
                made=_near(200 / 9, 0.5),
                hint="That is what the second pod gets. What is left after it?",
            ),
            Mistake(
                made=lambda value: abs(value - 4 / 9) <= 0.01,
                hint="That is the fraction; a percentage was asked for.",
            ),
        ),
        otherwise="Follow 900 connections: how many pass the first rule, and how many of these the second?",
    )


PODS: Final = (
    lab_text("pods.sh") + "for n in 2 3; do ip netns exec pod$n nc -lkvn -p 8080 2>> /seen-by-pod$n & done\n"
)
CALLS: Final = 100
_ENOUGH: Final = 35
"""With fair coins fewer than this many of 100 calls come about once in a thousand runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What came of calls to the service: how many of pod 9's were answered, by pod, and whether the node's was."""

    shares: tuple[int, ...]
    node: bool
    rules: str

    @property
    def answered(self) -> int:
        return sum(self.shares)


def _service_by_hand() -> Exercise[Spread]:
    def look(lab: Lab) -> Spread:
        rules = said(lab, RULES)
        lab.run(f"for n in $(seq {CALLS}); do {call('pod9', '10.96.0.50', 80)}; done")
        shares = tuple(int(said(lab, f"grep -c received /seen-by-pod{n}")) for n in (2, 3))
        return Spread(shares=shares, node=happens(lab, "nc -z -w 1 10.96.0.50 80"), rules=rules)

    return Exercise(
        name="service-by-hand",
        wanted=COMMANDS,
        read=run_on(PODS, look, "6.1"),
        right=lambda seen: seen.node and seen.answered == CALLS and min(seen.shares) >= _ENOUGH,
        because="The last rule throws no coin, so every call finds a pod; and both hooks at which packets begin are served.",
        mistakes=(
            Mistake(
                made=lambda seen: (
                    not seen.answered and "-A OUTPUT " in seen.rules and "-A PREROUTING " not in seen.rules
                ),
                hint="OUTPUT is for what the node itself sends. By which hook does a packet of pod 9 come in?",
            ),
            Mistake(
                made=lambda seen: bool(seen.answered) and 0 in seen.shares,
                hint="One pod gets every call. A rule that fits ends the walk: how does any call get past the first?",
            ),
            Mistake(
                made=lambda seen: 0 < seen.answered < CALLS,
                hint="Some calls found no pod: all coins may fall on no. What should happen to those?",
            ),
            Mistake(
                made=lambda seen: bool(seen.answered) and min(seen.shares) < _ENOUGH,
                hint="Every call finds a pod, but the shares are not even. How many calls does the second rule get to see?",
            ),
            Mistake(
                made=lambda seen: bool(seen.answered) and not seen.node,
                hint="Pod 9 is served, and the node itself gets no answer. Which hook does a packet pass that is made here?",
            ),
        ),
        otherwise="No call was answered. Which table gives a packet a new destination, and to which port of the pods? Does "
        "iptables -t nat -S list all your rules?",
    )


def _one_rule_costs() -> Exercise[float]:
    more, rules = 1000 * (14.6 - 4.0), (4545 - 47) / 2
    return Exercise(
        name="one-rule-costs",
        wanted="a number of nanoseconds",
        read=number,
        right=_near(more / rules, 0.5),
        because="Ten microseconds more, for some 2,250 rules more on the way.",
        mistakes=(
            Mistake(
                made=_near(more / (2 * rules), 0.2),
                hint="On average a walk ends half-way: a packet does not meet all services before its own.",
            ),
            Mistake(
                made=_near(more / (50018 - 518), 0.05),
                hint="You counted the rules of the whole table. A packet walks KUBE-SERVICES; the others are in chains of "
                "services that it does not ask for.",
            ),
            Mistake(
                made=_near(14600 / 2272, 0.25),
                hint="A packet takes four microseconds even where the walk is short. Which part is the walk's?",
            ),
            Mistake(
                made=_near(more / rules / 1000, 0.0006),
                hint="These are microseconds.",
            ),
        ),
        otherwise="Divide what the last line has more than the first: the time, by the rules that an average walk meets.",
    )
