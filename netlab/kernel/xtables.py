"""iptables tables at work: chains of rules with counters, and the walk of a packet through them.

Sources: net/ipv4/netfilter/ip_tables.c (ipt_do_table, trace_packet), iptable_*.c; the error texts are those that the
iptables command prints for the kernel's and libiptc's answers (captured on 6.1 with iptables 1.8.9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import NotModelledError
from netlab.kernel import hooks as hook_tables
from netlab.kernel import klog, route, xt_base, xt_check, xt_history, xt_index, xt_matches, xt_targets
from netlab.kernel.netfilter import ACCEPT, DROP, HookFn, HookState
from netlab.kernel.skb import Skb
from netlab.kernel.steps import RuleMatched
from netlab.kernel.watch import NOT_REACHED, first_failure, watches_of
from netlab.kernel.xt_condition import Condition, Test
from netlab.kernel.xt_targets import Action
from netlab.rules import checks, model
from netlab.rules import matches as m
from netlab.rules import targets as t
from netlab.rules.errors import RulesError
from netlab.rules.model import Rule

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns
    from netlab.kernel.world import World

_EVALUATORS: Final = {**xt_matches.EVALUATORS, **xt_history.EVALUATORS}
_VERDICTS: Final = {"ACCEPT": ACCEPT, "DROP": DROP}
_MAX_DEPTH: Final = 512

# What happens to a packet that matched.
_NEXT, _VERDICT, _RETURN, _JUMP, _GOTO, _ACTION = range(6)
# Matches that are allowed everywhere and for every protocol.
_FREE: Final = frozenset(
    (
        m.Comment,
        m.Mark,
        m.Conntrack,
        m.State,
        m.Statistic,
        m.Multiport,
        m.Connmark,
        m.Length,
        m.Ttl,
        m.Iprange,
    )
)

NO_CHAIN: Final = "No chain/target/match by that name"
BAD_RULE: Final = "Bad rule (does a matching rule exist in that chain?)"


class XtRule:
    """One rule in a chain: what it says (a model ``Rule``), its counters, and how it is evaluated."""

    __slots__ = (
        "action",
        "chain",
        "conditions",
        "kind",
        "needs_ct",
        "number",
        "octets",
        "packets",
        "plain",
        "rule",
        "tests",
        "verdict",
    )

    def __init__(self, rule: Rule) -> None:
        self.packets = rule.packets
        self.octets = rule.octets
        self.rule = rule
        self.number = 0
        self.tests: tuple[Test, ...] | None = None
        self.conditions: Sequence[Condition] = ()
        self.action: Action | None = None
        self.chain: XtChain | None = None
        self.verdict = ACCEPT
        target = rule.target
        self.plain = False
        if target is None:
            self.kind = _NEXT
        elif isinstance(target, t.Verdict):
            self.kind = _RETURN if target.name == "RETURN" else _VERDICT
            self.verdict = _VERDICTS.get(target.name, ACCEPT)
            self.plain = unconditional(rule)
        elif isinstance(target, t.Jump):
            self.kind = _JUMP
        elif isinstance(target, t.Goto):
            self.kind = _GOTO
        else:
            self.kind = _ACTION
        self.needs_ct = type(target) in xt_targets.NEEDS_CONNTRACK or any(
            type(match) in xt_matches.NEEDS_CONNTRACK for match in rule.matches
        )

    def counted(self) -> Rule:
        """The rule with the counters it has now."""
        return replace(self.rule, packets=self.packets, octets=self.octets)


class XtChain:
    """A chain: its rules, its policy (None for a user's chain), and the policy's counters."""

    __slots__ = ("_index", "_sealed", "builtin", "name", "octets", "packets", "policy", "rules")

    def __init__(self, name: str, policy: str | None) -> None:
        self.name = name
        self.builtin = policy is not None
        self.policy = policy
        self.packets = 0
        self.octets = 0
        self.rules: list[XtRule] = []
        self._sealed = False
        self._index: xt_index.Index | None = None

    def changed(self) -> None:
        """Rules came, went or moved."""
        self._sealed = False
        self._index = None

    def candidates(self, skb: Skb, state: HookState) -> Iterator[XtRule]:
        """The rules that may match a packet, in order."""
        if not self._sealed:
            for number, entry in enumerate(self.rules, 1):
                entry.number = number
            if len(self.rules) > xt_index.WORTH_IT:
                self._index = xt_index.Index(self.rules)
            self._sealed = True
        if self._index is None:
            return iter(self.rules)
        return self._index.candidates(skb.packet, state)


def unconditional(rule: Rule) -> bool:
    """True for a rule without any condition, not even a comment."""
    return not (
        rule.matches
        or rule.src_mask
        or rule.src_inv
        or rule.dst_mask
        or rule.dst_inv
        or rule.in_dev
        or rule.out_dev
        or rule.proto
        or rule.proto_inv
        or rule.fragment is not None
    )


class XtTable:
    """One iptables table of one namespace."""

    def __init__(self, name: str, ns: Netns) -> None:
        self.name = name
        self.ns = ns
        self.chains: dict[str, XtChain] = {
            hook: XtChain(hook, "ACCEPT") for hook in hook_tables.IPV4_TABLES[name]
        }
        self._hooks: dict[str, frozenset[str]] | None = None
        self._ct_users = 0
        self._remembering: list[XtRule] = []
        self._watches = watches_of(ns.world)

    # --- packets ----------------------------------------------------------------------------------------------

    def do_table(self, skb: Skb, state: HookState) -> int:
        """Take a packet through the hook's chain and whatever it jumps to; returns the verdict."""
        return self._watched(skb, state) if self._watches else self._walk(skb, state)

    def _watched(self, skb: Skb, state: HookState) -> int:
        """The walk, with an answer for each watched rule: asked before it, as the packet is then."""
        asked = []
        for watch in self._watches:
            if (watch.family, watch.netns, watch.table) != ("ipv4", self.ns.name, self.name):
                continue
            chain = self.chains.get(watch.chain)
            if chain is not None and watch.number <= len(chain.rules):
                entry = chain.rules[watch.number - 1]
                self._compile(entry)
                asked.append((watch, entry, entry.packets, first_failure(entry.conditions, skb, state)))
        verdict = self._walk(skb, state)
        for watch, entry, packets, reason in asked:
            watch.answer(skb, state, "" if entry.packets > packets else reason or NOT_REACHED)
        return verdict

    def _walk(self, skb: Skb, state: HookState) -> int:
        base = chain = self.chains[state.hook]
        rules = chain.candidates(skb, state)
        noisy = skb.trace or self.ns.world.record_steps
        stack: list[tuple[XtChain, Iterator[XtRule]]] = []
        while True:
            for entry in rules:
                tests = entry.tests
                if tests is None:
                    tests = self._compile(entry)
                hit: bool | None = True
                for test in tests:
                    hit = test(skb, state)
                    if not hit:
                        break
                if not hit:
                    if hit is None:
                        return DROP
                    continue
                entry.packets += 1
                entry.octets += skb.packet.length
                if noisy:
                    self._note(skb, state, chain, entry)
                kind = entry.kind
                if kind == _ACTION:
                    assert entry.action is not None
                    verdict = entry.action(skb, state)
                    if verdict is not None:
                        return verdict
                    noisy = skb.trace or self.ns.world.record_steps
                elif kind == _VERDICT:
                    return entry.verdict
                elif kind in (_JUMP, _GOTO):
                    if kind == _JUMP:
                        if len(stack) >= _MAX_DEPTH:
                            return DROP
                        stack.append((chain, rules))
                    assert entry.chain is not None
                    chain = entry.chain
                    rules = chain.candidates(skb, state)
                    break
                elif kind == _RETURN:
                    if stack and chain is not base:
                        chain, rules = stack.pop()
                        break
                    return self._policy(skb, state, base, noisy)
            else:
                if chain is base:
                    return self._policy(skb, state, base, noisy)
                if noisy:
                    self._end(skb, state, chain, "return", "RETURN")
                if not stack:
                    return self._policy(skb, state, base, noisy)
                chain, rules = stack.pop()

    def _policy(self, skb: Skb, state: HookState, chain: XtChain, noisy: bool) -> int:
        chain.packets += 1
        chain.octets += skb.packet.length
        assert chain.policy is not None
        if noisy:
            self._end(skb, state, chain, "policy", chain.policy)
        return _VERDICTS[chain.policy]

    def _note(self, skb: Skb, state: HookState, chain: XtChain, entry: XtRule) -> None:
        label = "rule"
        if entry.plain:
            label = "policy" if chain.builtin else "return"
        target = entry.rule.target
        self._matched(skb, state, chain.name, label, entry.number, entry.rule, target.name if target else "")

    def _end(self, skb: Skb, state: HookState, chain: XtChain, label: str, target: str) -> None:
        self._matched(skb, state, chain.name, label, len(chain.rules) + 1, None, target)

    def _matched(
        self, skb: Skb, state: HookState, chain: str, label: str, number: int, rule: Rule | None, target: str
    ) -> None:
        world = self.ns.world
        if world.record_steps:
            world.steps.append(
                RuleMatched(
                    world.now,
                    self.ns.name,
                    skb.journey,
                    "ipv4",
                    state.hook,
                    self.name,
                    chain,
                    label,
                    number,
                    rule,
                    target,
                )
            )
        if skb.trace:
            klog.trace_line(skb, state, self.name, chain, label, number)

    # --- evaluation -------------------------------------------------------------------------------------------

    def _compile(self, entry: XtRule) -> tuple[Test, ...]:
        if entry.tests is not None:
            return entry.tests
        entry.conditions = conditions(entry.rule, self.ns)
        if any(condition.remembers for condition in entry.conditions):
            self._remembering.append(entry)
        entry.tests = tuple(condition.test for condition in entry.conditions)
        target = entry.rule.target
        if entry.kind == _ACTION and target is not None:
            entry.action = xt_targets.ACTIONS[type(target)](target, self.ns)
        return entry.tests

    # --- changes: what the iptables command asks for ---------------------------------------------------------

    def append(self, chain: str, rule: Rule) -> None:
        """``-A``; raises RulesError with the command's text and status."""
        found = self._chain(chain)
        self._add(found, len(found.rules), rule)

    def insert(self, chain: str, number: int, rule: Rule) -> None:
        """``-I CHAIN number``: the rule becomes the one with that number."""
        found = self._chain(chain)
        if number > len(found.rules) + 1:
            raise RulesError("Index of insertion too big", status=1)
        self._add(found, number - 1, rule)

    def replace(self, chain: str, number: int, rule: Rule) -> None:
        """``-R CHAIN number``."""
        found = self._chain(chain)
        if number > len(found.rules):
            raise RulesError("Index of replacement too big", status=1)
        old = found.rules[number - 1]
        self._take(found, number - 1)
        try:
            self._add(found, number - 1, rule)
        except (RulesError, NotModelledError):
            self._put(found, number - 1, old)
            raise

    def delete(self, chain: str, rule: Rule) -> None:
        """``-D CHAIN rule``: the first rule that says the same."""
        self._take(*self._find(chain, rule))
        self._committed()

    def delete_number(self, chain: str, number: int) -> None:
        """``-D CHAIN number``."""
        found = self._chain(chain)
        if number > len(found.rules):
            raise RulesError("Index of deletion too big", status=1)
        self._take(found, number - 1)
        self._committed()

    def check(self, chain: str, rule: Rule) -> None:
        """``-C``: raises RulesError unless there is such a rule."""
        self._find(chain, rule)

    def flush(self, chain: str | None = None) -> None:
        """``-F``: remove all rules of a chain, or of all chains."""
        for found in [self._chain(chain)] if chain is not None else list(self.chains.values()):
            self._ct_changed(-sum(entry.needs_ct for entry in found.rules))
            found.rules.clear()
            found.changed()
        self._hooks = None
        self._committed()

    def new_chain(self, name: str) -> None:
        """``-N``."""
        if name in self.chains:
            raise RulesError("Chain already exists", status=1)
        self.chains[name] = XtChain(name, None)
        self._hooks = None
        self._committed()

    def delete_chain(self, name: str | None = None) -> None:
        """``-X``: remove a user's chain, or all of them."""
        names = sorted(n for n, c in self.chains.items() if not c.builtin) if name is None else [name]
        # All or nothing; of several refusals the command prints the last.
        refused = [error for error in map(self._undeletable, names) if error]
        if refused:
            raise RulesError(refused[-1], status=1)
        for one in names:
            del self.chains[one]
        self._hooks = None
        self._committed()

    def rename_chain(self, old: str, new: str) -> None:
        """``-E``."""
        if new in self.chains:
            raise RulesError("File exists", status=1)
        chain = self.chains.get(old)
        if chain is None or chain.builtin:
            raise RulesError(NO_CHAIN, status=1)
        del self.chains[old]
        chain.name = new
        self.chains[new] = chain
        for entry in self._jumps():
            if entry.chain is chain:
                kind = t.Goto if entry.kind == _GOTO else t.Jump
                entry.rule = replace(entry.rule, target=kind(new))
        self._hooks = None
        self._committed()

    def set_policy(self, chain: str, policy: str, counters: tuple[int, int] | None = None) -> None:
        """``-P``; counters start at zero unless given."""
        found = self.chains.get(chain)
        if found is None or not found.builtin:
            raise RulesError("Bad built-in chain name", status=1)
        if policy not in _VERDICTS:
            raise RulesError("Bad policy name. Run `dmesg' for more information", status=1)
        found.policy = policy
        self._committed()
        found.packets, found.octets = counters or (0, 0)

    def zero(self, chain: str | None = None, number: int | None = None) -> None:
        """``-Z``: counters of everything, of a chain, or of one rule."""
        if number is not None:
            found = self._chain(chain or "")
            if number > len(found.rules):
                raise RulesError("Index of counter too big", status=1)
            cleared = [found.rules[number - 1]]
        else:
            chains = [self._chain(chain)] if chain is not None else self.chains.values()
            cleared = [entry for found in chains for entry in found.rules]
        for entry in cleared:
            entry.packets = entry.octets = 0
        self._committed()

    def restore(self, table: model.Table, *, counters: bool = False, noflush: bool = False) -> None:
        """``iptables-restore``: all of a table's section or, when it raises, nothing.

        ``counters`` is ``-c``, ``noflush`` ``-n``. A RulesError with a line number is about that line, without one
        about the COMMIT.
        """
        old_chains = dict(self.chains)
        old_state = [(c, list(c.rules), c.policy) for c in old_chains.values()]
        try:
            if not noflush:
                self.chains = {name: chain for name, chain in old_chains.items() if chain.builtin}
                for chain in self.chains.values():
                    chain.rules.clear()
                    chain.changed()
            self._load(table, counters)
            self._check_all()
        except (RulesError, NotModelledError):
            self.chains = old_chains
            self._hooks = None
            for chain, rules, policy in old_state:
                chain.policy = policy
                chain.rules[:] = rules
                chain.changed()
            raise
        self._count_ct_users()
        self._committed()
        for chain_read in table.chains:
            if counters and chain_read.policy is not None:
                chain = self.chains[chain_read.name]
                chain.packets, chain.octets = chain_read.packets, chain_read.octets

    def save(self) -> model.Table:
        """The table as a model: built-in chains in hook order, then the user's by name, with counters."""
        builtin = [chain for chain in self.chains.values() if chain.builtin]
        users = sorted((chain for chain in self.chains.values() if not chain.builtin), key=lambda c: c.name)
        return model.Table(
            self.name,
            tuple(
                model.Chain(
                    chain.name,
                    chain.policy,
                    tuple(entry.counted() for entry in chain.rules),
                    chain.packets,
                    chain.octets,
                )
                for chain in (*builtin, *users)
            ),
        )

    def references(self, chain: str) -> int:
        """How many rules lead to a user's chain."""
        target = self.chains[chain]
        return sum(entry.chain is target for entry in self._jumps())

    # --- the command's and the kernel's checks ---------------------------------------------------------------

    def _chain(self, name: str) -> XtChain:
        try:
            return self.chains[name]
        except KeyError:
            raise RulesError(NO_CHAIN, status=1) from None

    def _find(self, chain: str, rule: Rule) -> tuple[XtChain, int]:
        found = self.chains.get(chain)
        wanted = _without_counters(rule)
        for at, entry in enumerate(found.rules if found is not None else ()):
            if entry.rule == wanted:
                assert found is not None
                return found, at
        raise RulesError(BAD_RULE, status=1)

    def _undeletable(self, name: str) -> str:
        chain = self.chains.get(name)
        if chain is None:
            return NO_CHAIN
        if chain.builtin:
            return checks.EINVAL
        if self.references(name):
            return "Too many links"
        return "Directory not empty" if chain.rules else ""

    def _jumps(self) -> Iterable[XtRule]:
        return (entry for chain in self.chains.values() for entry in chain.rules if entry.chain is not None)

    def _entry(self, rule: Rule) -> XtRule:
        """A rule made ready for this table: its target chain found, its extensions known to be modelled."""
        entry = XtRule(rule)
        if rule.packets or rule.octets:
            entry.rule = _without_counters(rule)
        target = rule.target
        for match in rule.matches:
            if type(match) not in _EVALUATORS and type(match) is not m.Comment:
                raise _not_modelled(f"the match {match.name}", rule, sorted(e.name for e in _EVALUATORS))
        if entry.kind in (_JUMP, _GOTO):
            assert target is not None
            entry.chain = self.chains.get(target.name)
            if entry.chain is None:
                raise _no_such_chain(entry, rule)
            if entry.chain.builtin:
                raise RulesError(checks.EINVAL, status=1, **_where(rule))
        elif entry.kind == _ACTION and type(target) not in xt_targets.ACTIONS:
            assert target is not None
            raise _not_modelled(
                f"the target {target.name}", rule, sorted(a.__name__ for a in xt_targets.ACTIONS)
            )
        for match in rule.matches:
            if isinstance(match, m.Set) and match.set_name not in self.ns.ipsets:
                raise RulesError(f"Set {match.set_name} doesn't exist.\n", **_where(rule))
        return entry

    def _add(self, chain: XtChain, at: int, rule: Rule) -> None:
        entry = self._entry(rule)
        if entry.chain is None:
            self._check(entry, self._reached()[chain.name])
            self._put(chain, at, entry)
        else:
            before = self._reached()
            self._put(chain, at, entry)
            try:
                self._check_all(before)
            except RulesError:
                self._take(chain, at)
                raise
        self._committed()

    def _put(self, chain: XtChain, at: int, entry: XtRule) -> None:
        chain.rules.insert(at, entry)
        self._moved(chain, entry, 1)

    def _take(self, chain: XtChain, at: int) -> None:
        self._moved(chain, chain.rules.pop(at), -1)

    def _moved(self, chain: XtChain, entry: XtRule, users: int) -> None:
        chain.changed()
        if entry.chain is not None:
            self._hooks = None
        if entry.needs_ct:
            self._ct_changed(users)

    def _reached(self) -> dict[str, frozenset[str]]:
        """From which hooks each chain is reached."""
        if self._hooks is None:
            self._hooks = checks.reachable(
                self.name,
                [
                    model.Chain(c.name, None, tuple(e.rule for e in c.rules if e.chain is not None))
                    for c in self.chains.values()
                ],
            )
        return self._hooks

    def _check_all(self, before: dict[str, frozenset[str]] | None = None) -> None:
        """Check every rule, or those in chains that more hooks reach than before."""
        self._hooks = None
        after = self._reached()
        for name, hooks in after.items():
            if before is None or hooks != before.get(name):
                for entry in self.chains[name].rules:
                    self._check(entry, hooks)

    def _check(self, entry: XtRule, hooks: frozenset[str]) -> None:
        rule = entry.rule
        if entry.kind != _ACTION and all(type(match) in _FREE for match in rule.matches):
            return
        try:
            checks.check_rule(rule, self.name, hooks)
        except RulesError:
            text = xt_check.complaint(rule, self.name, hooks)
            if text is not None:
                klog.message(self.ns, 6, text)
            raise

    def _load(self, table: model.Table, counters: bool) -> None:
        for chain in table.chains:
            mine = self.chains.get(chain.name)
            if mine is None:
                self.chains[chain.name] = mine = XtChain(chain.name, None)
            elif not mine.builtin and chain.line is not None:
                mine.rules.clear()
                mine.changed()
            if chain.policy is not None:
                if not mine.builtin:
                    message = f"Can't set policy `{chain.policy}' on `{chain.name}': Bad built-in chain name"
                    raise RulesError(message, status=1)
                mine.policy = chain.policy
        for chain in table.chains:
            mine = self.chains[chain.name]
            for rule in chain.rules:
                entry = self._entry(rule)
                if not counters:
                    entry.packets = entry.octets = 0
                mine.rules.append(entry)
            mine.changed()

    def _committed(self) -> None:
        """Every command replaces the whole table in the kernel: what rules remember starts afresh.

        Rules keep their counters; policies do not (seen on 6.1 with iptables 1.8.9).
        """
        for entry in self._remembering:
            entry.tests = None
        self._remembering.clear()
        for hook in hook_tables.IPV4_TABLES[self.name]:
            chain = self.chains[hook]
            chain.packets = chain.octets = 0

    # --- conntrack --------------------------------------------------------------------------------------------

    def _ct_changed(self, by: int) -> None:
        """Tell conntrack when the first rule that needs it comes, or the last one goes."""
        before = self._ct_users
        self._ct_users += by
        if self._ct_users and not before:
            self.ns.ct.get()
        elif before and not self._ct_users:
            self.ns.ct.put()

    def _count_ct_users(self) -> None:
        users = sum(entry.needs_ct for chain in self.chains.values() for entry in chain.rules)
        self._ct_changed(users - self._ct_users)


# --- conditions of a rule -------------------------------------------------------------------------------------


def conditions(rule: Rule, ns: Netns) -> list[Condition]:
    """Everything a rule asks, in the order it is asked."""
    made = xt_base.conditions(rule)
    made += [_EVALUATORS[type(match)](match, ns) for match in rule.matches if type(match) is not m.Comment]
    return made


def why_not(rule: Rule, skb: Skb, state: HookState) -> str | None:
    """The first condition of a rule that a packet does not meet, in words; None if it meets them all.

    The same evaluators answer here and for packets, so the two cannot part. A rule that remembers (limit, statistic)
    is asked as if it were new; a watch (``netlab.kernel.watch``) asks it as it is.
    """
    return first_failure(conditions(rule, state.ns), skb, state)


def _without_counters(rule: Rule) -> Rule:
    return replace(rule, packets=0, octets=0) if rule.packets or rule.octets else rule


def _where(rule: Rule) -> dict[str, Any]:
    line = rule.line
    return {} if line is None else {"source": line.source, "line": line.number, "text": line.text}


def _no_such_chain(entry: XtRule, rule: Rule) -> RulesError:
    assert rule.target is not None
    name = rule.target.name
    if entry.kind == _GOTO:
        return RulesError(f"goto '{name}' is not a chain", **_where(rule))
    return RulesError(f"Couldn't load target `{name}':No such file or directory\n", **_where(rule))


def _not_modelled(what: str, rule: Rule, known: list[str]) -> NotModelledError:
    return NotModelledError(f"{what} is not modelled", expected=", ".join(known), **_where(rule))


# --- tables in a namespace ------------------------------------------------------------------------------------


def open_table(ns: Netns, name: str) -> XtTable:
    """The table, made to exist if need be: opening it is enough, any ``iptables -t NAME`` does.

    Since 4.7 that concerns this namespace alone; before, the table's module is loaded, for all namespaces.
    Raises RulesError (status 3) for a table that there is not.
    """
    if name not in hook_tables.IPV4_TABLES:
        text = f"can't initialize iptables table `{name}': Table does not exist (do you need to insmod?)"
        raise RulesError(text, status=3)
    if name not in ns.xt:
        if ns.world.release.tables_per_netns:
            _register(ns, name)
        else:
            load_module(ns.world, name)
    return ns.xt[name]


def load_module(world: World, name: str) -> None:
    """4.4: the module of a table is loaded, and every namespace has the table."""
    world.modules.add(f"iptable_{name}")
    if name == "nat":
        world.modules.add("nf_conntrack")
    for ns in world.netns.values():
        if name not in ns.xt:
            _register(ns, name)


def register_loaded(ns: Netns) -> None:
    """4.4: a new namespace has the tables whose modules are loaded."""
    for name in hook_tables.IPV4_TABLES:
        if f"iptable_{name}" in ns.world.modules:
            _register(ns, name)


def _register(ns: Netns, name: str) -> None:
    ns.xt[name] = XtTable(name, ns)
    ns.hooks_changed()


def table_function(ns: Netns, name: str, hook: str) -> HookFn:
    """What a table registers at a hook."""
    table = ns.xt[name]
    if name == "mangle" and hook == "OUTPUT":
        return lambda skb, state: _mangle_output(table, skb, state)
    return table.do_table


def _mangle_output(table: XtTable, skb: Skb, state: HookState) -> int:
    """A packet whose mark, addresses or TOS changed in mangle's OUTPUT is routed again (``ipt_mangle_out``)."""
    packet, mark = skb.packet, skb.mark
    verdict = table.do_table(skb, state)
    if verdict != DROP:
        new = skb.packet
        changed = mark != skb.mark or (packet.src, packet.dst, packet.tos) != (new.src, new.dst, new.tos)
        if changed and not route.me_harder(state.ns, skb):
            return DROP
    return verdict
