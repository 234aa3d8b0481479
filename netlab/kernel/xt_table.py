"""An iptables table and the commands that change it, each all or nothing.

The error texts are those that the iptables command prints for the kernel's and libiptc's answers (captured on 6.1 with
iptables 1.8.9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from netlab.errors import NotModelledError
from netlab.kernel import hooks as hook_tables
from netlab.kernel import klog, xt_check, xt_history, xt_targets
from netlab.kernel.xt_chain import ACTION, EVALUATORS, GOTO, JUMP, VERDICTS, XtChain, XtRule
from netlab.kernel.xt_walk import Walk
from netlab.rules import checks, model
from netlab.rules import matches as m
from netlab.rules import targets as t
from netlab.rules.errors import RulesError
from netlab.rules.model import Rule

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns

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


class XtTable(Walk):
    """One iptables table of one namespace."""

    def __init__(self, name: str, ns: Netns) -> None:
        super().__init__(name, ns)
        self._hooks: dict[str, frozenset[str]] | None = None
        self._ct_users = 0
        self._later = False

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        """Several commands that the kernel sees at once: what it refuses it refuses at the end, of all of them."""
        self._later = True
        try:
            yield
        finally:
            self._later = False
        self._commit_all()

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

    def delete(self, chain: str, *rules: Rule) -> None:
        """``-D CHAIN rule``: the first rule that says the same, for each; all of them or none."""
        found = self.chains.get(chain)
        left = list(found.rules) if found is not None else []
        for rule in rules:
            del left[_position(left, rule)]
        for rule in rules:
            assert found is not None
            self._take(found, _position(found.rules, rule))
        self._committed()

    def delete_number(self, chain: str, number: int) -> None:
        """``-D CHAIN number``."""
        found = self._chain(chain)
        if number > len(found.rules):
            raise RulesError("Index of deletion too big", status=1)
        self._take(found, number - 1)
        self._committed()

    def check(self, chain: str, *rules: Rule) -> None:
        """``-C``: raises RulesError unless there is such a rule, for each."""
        found = self.chains.get(chain)
        for rule in rules:
            _position(found.rules if found is not None else (), rule)

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
        if new in self.chains or new in ("ACCEPT", "DROP", "QUEUE", "RETURN"):
            raise RulesError("File exists", status=1)
        if len(new.encode()) >= 32:
            raise RulesError("Invalid argument. Run `dmesg' for more information", status=1)
        chain = self.chains.get(old)
        if chain is None or chain.builtin:
            raise RulesError(NO_CHAIN, status=1)
        del self.chains[old]
        chain.name = new
        self.chains[new] = chain
        for entry in self._jumps():
            if entry.chain is chain:
                kind = t.Goto if entry.kind == GOTO else t.Jump
                entry.rule = replace(entry.rule, target=kind(new))
        self._hooks = None
        self._committed()

    def set_policy(self, chain: str, policy: str, counters: tuple[int, int] | None = None) -> None:
        """``-P``; counters start at zero unless given."""
        found = self.chains.get(chain)
        if found is None or not found.builtin:
            raise RulesError("Bad built-in chain name", status=1)
        if policy not in VERDICTS:
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
            self._commit_all()
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
            if type(match) not in EVALUATORS and type(match) is not m.Comment:
                raise _not_modelled(f"the match {match.name}", rule, sorted(e.name for e in EVALUATORS))
        if entry.kind in (JUMP, GOTO):
            assert target is not None
            entry.chain = self.chains.get(target.name)
            if entry.chain is None:
                raise _no_such_chain(entry, rule)
            if entry.chain.builtin:
                raise RulesError(checks.EINVAL, status=1, **_where(rule))
        elif entry.kind == ACTION and type(target) not in xt_targets.ACTIONS:
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
        if self._later:
            self._put(chain, at, entry)
        elif entry.chain is None:
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
        if not self._later:
            self._note_recent((entry,))
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

    def _commit_all(self) -> None:
        """All rules at once: a refusal is about the commit, not about a line."""
        try:
            self._check_all()
        except RulesError as error:
            error.line = None
            raise
        self._note_recent(entry for chain in self.chains.values() for entry in chain.rules)
        self._committed()

    def _note_recent(self, entries: Iterable[XtRule]) -> None:
        for entry in entries:
            for match in entry.rule.matches:
                if isinstance(match, m.Recent):
                    xt_history.name_recent(match, self.ns)

    def _check(self, entry: XtRule, hooks: frozenset[str]) -> None:
        rule = entry.rule
        if entry.kind != ACTION and all(type(match) in _FREE for match in rule.matches):
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
        if not self._later:
            xt_history.forget_recent(self.ns)
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


def _position(entries: Sequence[XtRule], rule: Rule) -> int:
    wanted = _without_counters(rule)
    for at, entry in enumerate(entries):
        if entry.rule == wanted:
            return at
    raise RulesError(BAD_RULE, status=1)


def _without_counters(rule: Rule) -> Rule:
    return replace(rule, packets=0, octets=0) if rule.packets or rule.octets else rule


def _where(rule: Rule) -> dict[str, Any]:
    line = rule.line
    return {} if line is None else {"source": line.source, "line": line.number, "text": line.text}


def _no_such_chain(entry: XtRule, rule: Rule) -> RulesError:
    assert rule.target is not None
    name = rule.target.name
    if entry.kind == GOTO:
        return RulesError(f"goto '{name}' is not a chain", **_where(rule))
    return RulesError(f"Couldn't load target `{name}':No such file or directory\n", **_where(rule))


def _not_modelled(what: str, rule: Rule, known: list[str]) -> NotModelledError:
    return NotModelledError(f"{what} is not modelled", expected=", ".join(known), **_where(rule))
