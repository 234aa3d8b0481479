"""ebtables tables at work: the link layer's rules, asked for every frame (net/bridge/netfilter/ebtables.c of 6.1).

In BROUTING, DROP means "do not bridge it, route it": the bridge's own code reads the verdict so. Error texts are those
of ebtables 2.0.11 (legacy), captured on 6.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import NotModelledError
from netlab.kernel import ebt_modules, klog
from netlab.kernel.netfilter import ACCEPT, DROP, HookFn, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.steps import RuleMatched
from netlab.kernel.watch import first_failure, walk_watched, watches_of
from netlab.kernel.xt_condition import Condition, Test
from netlab.rules import ebmodel as e
from netlab.rules.checks import limit_credits
from netlab.rules.errors import EbtablesError

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

_ALLOWED: Final[dict[type, dict[str, frozenset[str]]]] = {
    e.EbSnat: {"nat": frozenset({"POSTROUTING"})},
    e.EbDnat: {"nat": frozenset({"PREROUTING", "OUTPUT"}), "broute": frozenset({"BROUTING"})},
    e.EbRedirect: {"nat": frozenset({"PREROUTING"}), "broute": frozenset({"BROUTING"})},
    e.EbArpreply: {"nat": frozenset({"PREROUTING"})},
}
"""Where a target may be reached from, by table."""
_NO_UPDATE: Final = """Unable to update the kernel. Two possible causes:
1. Multiple ebtables programs were executing simultaneously. The ebtables
   userspace tool doesn't by default support multiple ebtables programs running
   concurrently. The ebtables option --concurrent or a tool like flock can be
   used to support concurrent scripts that update the ebtables kernel tables.
2. The kernel doesn't support a certain ebtables extension, consider
   recompiling your kernel or insmod the extension.
"""
"""What ebtables says when the kernel refuses a table."""


class EbEntry:
    """One rule in a chain: what it says, its counters, and how it is evaluated."""

    __slots__ = ("chain", "conditions", "octets", "packets", "rule", "target", "tests", "verdict", "watchers")

    def __init__(self, rule: e.EbRule) -> None:
        self.packets = rule.packets
        self.octets = rule.octets
        self.rule = replace(rule, packets=0, octets=0) if rule.packets or rule.octets else rule
        self.tests: tuple[Test, ...] | None = None
        self.conditions: Sequence[Condition] = ()
        self.watchers: tuple[Callable[[Skb, HookState], None], ...] = ()
        self.target: ebt_modules.Target | None = None
        self.verdict = rule.target.name if isinstance(rule.target, e.EbVerdict) else ""
        self.chain: EbtChain | None = None


class EbtChain:
    """A chain; a user's chain has a policy too."""

    __slots__ = ("builtin", "name", "policy", "rules")

    def __init__(self, name: str, policy: e.Verdict = "ACCEPT", *, builtin: bool = False) -> None:
        self.name = name
        self.policy: e.Verdict = policy
        self.builtin = builtin
        self.rules: list[EbEntry] = []


class EbTable:
    """One ebtables table of one namespace."""

    def __init__(self, name: str, ns: Netns) -> None:
        self.name = name
        self.ns = ns
        self.chains: dict[str, EbtChain] = {hook: EbtChain(hook, builtin=True) for hook in e.EB_BUILTIN[name]}
        # A built-in chain may be renamed; it stays with its hook.
        self._base = dict(self.chains)
        self._watches = watches_of(ns.world)

    # --- frames -----------------------------------------------------------------------------------------------

    def do_table(self, skb: Skb, state: HookState) -> int:
        """Take a frame through the hook's chain; ACCEPT or DROP."""
        if self._watches:
            return walk_watched(self, "bridge", self._walk_rules, skb, state)
        return self._walk_rules(skb, state)

    def _walk_rules(self, skb: Skb, state: HookState) -> int:
        chain = self._base[state.hook]
        stack: list[tuple[EbtChain, int]] = []
        at = 0
        while True:
            if at >= len(chain.rules):
                verdict: str = chain.policy
                if verdict != "RETURN" or not stack:
                    self._note(skb, state, chain, len(chain.rules) + 1, None, "policy")
                    return DROP if verdict == "DROP" else ACCEPT
                chain, at = stack.pop()
                continue
            entry = chain.rules[at]
            at += 1
            for test in self.compile(entry):
                if not test(skb, state):
                    break
            else:
                entry.packets += 1
                entry.octets += skb.length
                self._note(skb, state, chain, at, entry, "rule")
                for watch in entry.watchers:
                    watch(skb, state)
                if entry.chain is not None:
                    stack.append((chain, at))
                    chain, at = entry.chain, 0
                    continue
                verdict = entry.verdict if entry.target is None else entry.target(skb, state)
                if verdict == "ACCEPT":
                    return ACCEPT
                if verdict == "DROP":
                    return DROP
                if verdict == "RETURN" and stack:
                    chain, at = stack.pop()

    def compile(self, entry: EbEntry) -> tuple[Test, ...]:
        if entry.tests is not None:
            return entry.tests
        rule = entry.rule
        entry.conditions = conditions(rule, self.ns)
        entry.tests = tuple(condition.test for condition in entry.conditions)
        made = (ebt_modules.watcher(watch) for watch in rule.watchers)
        entry.watchers = tuple(watch for watch in made if watch is not None)
        factory = ebt_modules.TARGETS.get(type(rule.target))
        if factory is not None:
            entry.target = factory(rule.target, self.ns)
        return entry.tests

    def _note(
        self, skb: Skb, state: HookState, chain: EbtChain, number: int, entry: EbEntry | None, label: str
    ) -> None:
        world = self.ns.world
        if world.record_steps:
            target = entry.rule.target.name if entry is not None else chain.policy
            rule = entry.rule if entry is not None else None
            world.steps.append(
                RuleMatched(
                    world.now,
                    self.ns.name,
                    skb.journey,
                    "bridge",
                    state.hook,
                    self.name,
                    chain.name,
                    label,
                    number,
                    rule,
                    target,
                )
            )

    # --- changes ----------------------------------------------------------------------------------------------

    def append(self, chain: str, rule: e.EbRule) -> None:
        """``-A``; raises EbtablesError with ebtables' text."""
        found = self._chain(chain)
        self._add(found, len(found.rules), rule)

    def insert(self, chain: str, number: int, rule: e.EbRule) -> None:
        """``-I CHAIN number``: the rule becomes the one with that number; negative counts from the end."""
        found = self._chain(chain)
        at = number - 1 if number > 0 else len(found.rules) + number
        if not 0 <= at <= len(found.rules):
            raise _refused("The specified rule number is incorrect")
        self._add(found, at, rule)

    def delete(self, chain: str, rule: e.EbRule) -> None:
        """``-D CHAIN rule``: the first rule that says the same."""
        found = self._chain(chain)
        del found.rules[self._place(found, rule)]
        self._committed()

    @staticmethod
    def _place(chain: EbtChain, rule: e.EbRule) -> int:
        wanted = EbEntry(rule).rule
        for at, entry in enumerate(chain.rules):
            if entry.rule == wanted:
                return at
        raise _refused("Sorry, rule does not exist")

    @staticmethod
    def _span(chain: EbtChain, first: int, last: int) -> slice:
        count = len(chain.rules)
        low, high = (n - 1 if n > 0 else count + n for n in (first, last))
        if not 0 <= low <= high < count:
            raise _refused("Sorry, wrong rule numbers")
        return slice(low, high + 1)

    def change_counters(
        self, chain: str, which: e.EbRule | tuple[int, int], change: Sequence[tuple[str, int]]
    ) -> None:
        """``-C``: set the packets and bytes of a rule or of a range of rules, or change them by so many (signs + and -)."""
        found = self._chain(chain)
        if isinstance(which, tuple):
            span = self._span(found, *which)
        else:
            at = self._place(found, which)
            span = slice(at, at + 1)

        def changed(old: int, sign: str, number: int) -> int:
            return number if not sign else (old + number if sign == "+" else old - number) % (1 << 64)

        for entry in found.rules[span]:
            entry.packets = changed(entry.packets, *change[0])
            entry.octets = changed(entry.octets, *change[1])

    def delete_numbers(self, chain: str, first: int, last: int) -> None:
        """``-D CHAIN first:last``; negative numbers count from the end (-1 is the last rule)."""
        found = self._chain(chain)
        del found.rules[self._span(found, first, last)]
        self._committed()

    def flush(self, chain: str | None = None) -> None:
        """``-F``: remove all rules of a chain, or of all chains; policies stay."""
        for found in [self._chain(chain)] if chain is not None else self.chains.values():
            found.rules.clear()
        self._committed()

    def new_chain(self, name: str, policy: e.Verdict = "ACCEPT") -> None:
        """``-N``."""
        if name in self.chains:
            raise _refused(f"Chain {name} already exists")
        self.chains[name] = EbtChain(name, policy)
        self._committed()

    def delete_chain(self, name: str | None = None) -> None:
        """``-X``: remove a user's chain with its rules, or all that no rule leads to."""
        for one in [name] if name is not None else [n for n, c in self.chains.items() if not c.builtin]:
            chain = self._chain(one)
            if chain.builtin:
                raise _refused("You can't remove a standard chain")
            for other in self.chains.values():
                for number, entry in enumerate(other.rules):  # from 0, as ebtables counts here
                    if entry.chain is chain:
                        if name is None:
                            break
                        where = f"it's referenced in chain '{other.name}', rule {number}"
                        raise _refused(f"Can't delete the chain '{one}', {where}")
                else:
                    continue
                break
            else:
                del self.chains[one]
        self._committed()

    def rename_chain(self, old: str, new: str) -> None:
        """``-E``."""
        chain = self._chain(old)
        if new in self.chains:
            raise _refused(f"Chain '{new}' already exists")
        self.chains = {(new if c is chain else name): c for name, c in self.chains.items()}
        chain.name = new
        for entry in self._entries():
            if entry.chain is chain:
                entry.rule = replace(entry.rule, target=e.EbJump(new))
        self._committed()

    def set_policy(self, chain: str, policy: e.Verdict) -> None:
        """``-P``: for a user's chain too, where RETURN is possible."""
        found = self._chain(chain)
        if policy == "RETURN" and found.builtin:
            raise _refused("Policy RETURN only allowed for user defined chains")
        found.policy = policy
        self._committed()

    def zero(self, chain: str | None = None) -> None:
        """``-Z``: counters of a chain, or of all."""
        for found in [self._chain(chain)] if chain is not None else self.chains.values():
            for entry in found.rules:
                entry.packets = entry.octets = 0

    def reset(self) -> None:
        """``--init-table``: as it was when it came to exist."""
        self._base = {hook: EbtChain(hook, builtin=True) for hook in e.EB_BUILTIN[self.name]}
        self.chains = dict(self._base)
        self._committed()

    def restore(self, table: e.EbTable) -> None:
        """Replace everything by a table that was read; all of it or, when it raises, nothing."""
        old = (self.chains, self._base)
        self._base = {hook: EbtChain(hook, builtin=True) for hook in e.EB_BUILTIN[self.name]}
        self.chains = dict(self._base)
        try:
            for chain in table.chains:
                self.chains.setdefault(chain.name, EbtChain(chain.name)).policy = chain.policy
            for chain in table.chains:
                mine = self.chains[chain.name]
                mine.rules += [self._entry(rule) for rule in chain.rules]
            self._check()
        except (EbtablesError, NotModelledError):
            self.chains, self._base = old
            raise

    def save(self) -> e.EbTable:
        """The table as a model, with counters: chains in the order in which ebtables lists them."""
        return e.EbTable(
            self.name,
            tuple(
                e.EbChain(
                    chain.name,
                    chain.policy,
                    tuple(
                        replace(entry.rule, packets=entry.packets, octets=entry.octets)
                        for entry in chain.rules
                    ),
                )
                for chain in self.chains.values()
            ),
        )

    # --- checks -----------------------------------------------------------------------------------------------

    def _chain(self, name: str) -> EbtChain:
        try:
            return self.chains[name]
        except KeyError:
            raise _refused(f"Chain '{name}' doesn't exist") from None

    def _entries(self) -> Iterator[EbEntry]:
        return (entry for chain in self.chains.values() for entry in chain.rules)

    def _entry(self, rule: e.EbRule) -> EbEntry:
        entry = EbEntry(rule)
        if isinstance(rule.target, e.EbJump):
            entry.chain = self.chains.get(rule.target.name)
            if entry.chain is None or entry.chain.builtin:
                raise _refused(f"Illegal target name '{rule.target.name}'", rule)
        return entry

    def _add(self, chain: EbtChain, at: int, rule: e.EbRule) -> None:
        entry = self._entry(rule)
        chain.rules.insert(at, entry)
        try:
            self._check()
        except EbtablesError:
            chain.rules.remove(entry)
            raise
        self._committed()

    def _check(self) -> None:
        """No chain leads back to itself, and every target stands where it may; then what the kernel itself looks at."""
        reached: set[str] = set()
        for hook, chain in self._base.items():
            self._walk(chain, hook, [], reached)
        for chain in self.chains.values():
            for entry in chain.rules:
                # A chain's own jump to itself is the one loop that the program lets through to the kernel.
                if (entry.chain is chain and chain.name in reached) or not self._kernel_takes(entry.rule):
                    raise _refused(_NO_UPDATE, entry.rule)

    def _kernel_takes(self, rule: e.EbRule) -> bool:
        """The extensions' own checks (ebt_ip_mt_check, ebt_limit_mt_check); a word about it goes to the log."""
        for match in rule.matches:
            if isinstance(match, e.EbIp) and match.icmp is not None:
                low, high, low_code, high_code = match.icmp
                if low > high or low_code > high_code:
                    return False
            elif isinstance(match, e.EbLimit) and _overflows(match):
                words = f"ebt_limit: overflow, try lower: {match.average}/{match.burst}"
                klog.message(self.ns, 6, words)
                return False
        return True

    def _walk(self, chain: EbtChain, hook: str, path: list[EbtChain], reached: set[str]) -> None:
        path.append(chain)
        reached.add(chain.name)
        done = {chain.name}
        for entry in chain.rules:
            target = entry.rule.target
            allowed = _ALLOWED.get(type(target))
            if allowed is not None and hook not in allowed.get(self.name, ()):
                raise _refused(f"Wrong chain for {target.name}", entry.rule)
            following = entry.chain
            if following is None or following.name in done:
                continue
            if following in path:
                raise _refused(f"Loop from chain '{chain.name}' to chain '{following.name}'", entry.rule)
            done.add(following.name)
            self._walk(following, hook, path, reached)
        path.pop()

    def _committed(self) -> None:
        """Every command replaces the table in the kernel: limits start afresh."""
        for entry in self._entries():
            if entry.tests is not None and any(isinstance(match, e.EbLimit) for match in entry.rule.matches):
                entry.tests = None


def conditions(rule: e.EbRule, ns: Netns) -> list[Condition]:
    """Everything a rule asks, in the order it is asked."""
    return ebt_modules.basic(rule) + [ebt_modules.MATCHES[type(match)](match, ns) for match in rule.matches]


def why_not(rule: e.EbRule, skb: Skb, state: HookState) -> str | None:
    """The first condition of a rule that a frame does not meet, in words; None if it meets them all."""
    return first_failure(conditions(rule, state.ns), skb, state)


def _overflows(match: e.EbLimit) -> bool:
    return match.burst == 0 or limit_credits(match.average * match.burst) < limit_credits(match.average)


def _refused(message: str, rule: e.EbRule | None = None) -> EbtablesError:
    where: dict[str, Any] = {}
    if rule is not None and rule.line is not None:
        where = {"source": rule.line.source, "line": rule.line.number, "text": rule.line.text}
    return EbtablesError(message, **where)


# --- tables in a namespace ------------------------------------------------------------------------------------


def open_table(ns: Netns, name: str) -> EbTable:
    """The table, made to exist if need be; raises EbtablesError for one that there is not."""
    if name not in e.EB_BUILTIN:
        raise _refused(f"Bad table name '{name}'")
    if name not in ns.eb:
        ns.eb[name] = EbTable(name, ns)
        ns.hooks_changed()
    return ns.eb[name]


def table_function(ns: Netns, name: str, hook: str) -> HookFn:
    """What a table registers at a hook."""
    return ns.eb[name].do_table
