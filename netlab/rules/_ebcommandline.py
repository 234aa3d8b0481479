"""Reads ebtables rules: the grammar of a command line, and the words of what 2.0.11 refuses.

Sources: ebtables.c (do_command) and extensions/ebt_*.c of ebtables 2.0.10/2.0.11.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from netlab.rules import ebmodel as eb
from netlab.rules._eboptions import (
    LONG,
    OPTIONS,
    RULE_OPTIONS,
    TARGETS,
    UNMODELLED,
    VERDICTS,
    WATCHERS,
    EbWords,
    hex_number,
    mac_mask,
)
from netlab.rules.model import SourceLine
from netlab.rules.names import ethertype_number

_IN_ONLY: Final = frozenset({"INPUT", "FORWARD", "PREROUTING", "BROUTING"})
_OUT_ONLY: Final = frozenset({"OUTPUT", "FORWARD", "POSTROUTING"})
_KNOWN: Final = "one of " + ", ".join([*sorted(RULE_OPTIONS), *(f"--{name}" for name in OPTIONS)])


@dataclass(slots=True)
class EbReader:
    """The words of one rule; ``chains`` are the table's chains, None where not known."""

    words: EbWords
    table: str
    chain: str
    chains: Collection[str] | None
    fields: dict[str, Any] = field(default_factory=dict)
    used: dict[str, dict[str, Any]] = field(default_factory=dict)
    inverted: set[tuple[str, str]] = field(default_factory=set)
    jump: str = "CONTINUE"

    def read(self) -> eb.EbRule:
        """The rule.

        Raises:
            EbtablesError: what the real ebtables refuses, in its words.
            NotModelledError: what is real and not modelled.
        """
        words = self.words
        invert = False
        while words.more():
            word = words.next()
            if word == "!":
                if invert:
                    words.fail("Double use of '!' not allowed")
                invert = True
                continue
            option = LONG.get(word, word)
            if option in RULE_OPTIONS:
                self._rule_option(option, invert)
            elif word.startswith("--") and word[2:] in OPTIONS:
                self._extension_option(word[2:], invert)
            elif word in ("-t", "--table"):
                words.fail("Please put the -t option first")
            elif UNMODELLED.match(word):
                words.unmodelled(f"the option {word}", "one of --" + ", --".join(OPTIONS))
            elif word.startswith("-"):
                words.fail(f"Unknown argument: '{word}'", expected=_KNOWN)
            else:
                words.fail(f"Bad argument : '{word}'")
            invert = False
        return self._finish()

    def _value(self, invert: bool) -> tuple[str, bool]:
        """The value of an option, and whether a ``!`` stands before or after the option."""
        words = self.words
        if words.more() and words.argv[words.at] == "!":
            if invert:
                words.fail("Double use of '!' not allowed")
            words.next()
            invert = True
        if not words.more():
            words.fail(f"Unknown argument: '{words.argv[-1]}'")
        return words.next(), invert

    def _once(self, key: str) -> None:
        if key in self.fields:
            self.words.fail("Multiple use of same option not allowed")

    def _rule_option(self, option: str, invert: bool) -> None:
        words, fields = self.words, self.fields
        self._once(option)
        value, invert = self._value(invert)
        fields[option] = value
        fields[f"{option}!"] = invert
        if option in ("-i", "--logical-in") and self._base() and self.chain not in _IN_ONLY:
            words.fail(f"Use {option} only in INPUT, FORWARD, PREROUTING and BROUTING chains")
        if option in ("-o", "--logical-out") and self._base() and self.chain not in _OUT_ONLY:
            words.fail(f"Use {option} only in OUTPUT, FORWARD and POSTROUTING chains")
        if option in ("-i", "-o", "--logical-in", "--logical-out") and len(value) >= 16:
            words.fail("Interface name length cannot exceed 15 characters")
        if option in ("-i", "-o", "--logical-in", "--logical-out") and "+" in value[:-1]:
            words.fail(f"Spurious characters after '+' wildcard for '{option}'")
        if option in ("-s", "-d"):
            side = "source" if option == "-s" else "destination"
            fields[option] = mac_mask(value, words, f"Problem with specified {side} mac '{value}'")
        elif option == "-p":
            self._protocol(value)
        elif option == "-c":
            self._counters(value)
        elif option == "-j":
            self._jump(value)

    def _base(self) -> bool:
        return self.chain in eb.EB_BUILTIN.get(self.table, ())

    def _protocol(self, value: str) -> None:
        words = self.words
        if value.upper() == "LENGTH":
            self.fields["-p"] = "LENGTH"
            return
        found = hex_number(value, 0xFFFF)
        if found is None:
            if hex_number(value, 1 << 64) is not None:
                words.fail("Problem with the specified protocol")
            found = ethertype_number(value)
        if found is None:
            words.fail(
                f"Problem with the specified Ethernet protocol '{value}', perhaps /etc/ethertypes is missing"
            )
        if found < 0x600:
            words.fail("Sorry, protocols have values above or equal to 0x0600")
        self.fields["-p"] = found

    def _counters(self, value: str) -> None:
        words = self.words
        if not words.follows():
            words.fail("Option -c needs 2 arguments")
        for text in (value, words.next()):
            if not text.isdigit():
                words.fail(f"Packet counter '{text}' invalid")
        self.fields["-c"] = (int(value), int(words.argv[words.here]))

    def _jump(self, value: str) -> None:
        words = self.words
        builtin = eb.EB_BUILTIN.get(self.table, ())
        if value == "RETURN" and self._base():
            words.fail("Return target only for user defined chains")
        if value in builtin:
            words.fail("Don't jump to a standard chain")
        known = value in VERDICTS or value in TARGETS or self.chains is None or value in self.chains
        if not known:
            known_targets = sorted({*VERDICTS, *TARGETS, *(self.chains or ())} - {*builtin})
            words.fail(f"Illegal target name '{value}'", expected="one of " + ", ".join(known_targets))
        self.jump = value

    def _extension_option(self, name: str, invert: bool) -> None:
        words, option = self.words, OPTIONS[name]
        if option.extension in TARGETS and option.extension != self.jump:
            words.fail(
                "Unknown argument: don't forget the -t option"
                if self.jump in VERDICTS
                else "Target-specific option does not correspond with specified target"
            )
        values = self.used.setdefault(option.extension, {})
        if option.key in values:
            words.fail("Multiple use of same option not allowed")
        if option.extension == "mark" and option.key != "verdict" and values.keys() - {"verdict"}:
            words.fail(f"--{name} cannot be used together with specific --mark option")
        if option.read is None:
            values[option.key] = True
        else:
            text, invert = self._value(invert)
            values[option.key] = option.read(text, words)
        if invert:
            if not option.inverts:
                words.fail(f"Unexpected `!' after --{name}")
            self.inverted.add((option.extension, option.key))

    # --- the end of the rule -----------------------------------------------------------------------------

    def _finish(self) -> eb.EbRule:
        fields, words = self.fields, self.words
        matches: list[eb.EbMatch] = []
        watchers: list[eb.EbWatcher] = []
        for name, values in self.used.items():
            if name in WATCHERS:
                watchers.append(_watcher(name, values))
            elif name not in TARGETS:
                matches.append(self._match(name, values))
        target = self._target()
        proto = fields.get("-p")
        packets, octets = fields.get("-c", (0, 0))
        place = words.place
        line = None
        if place.line is not None and place.text is not None:
            line = SourceLine(place.source, place.line, place.text)
        return eb.EbRule(
            proto=None if proto == "LENGTH" else proto,
            proto_inv=fields.get("-p!", False),
            length=proto == "LENGTH",
            src=fields.get("-s"),
            src_inv=fields.get("-s!", False),
            dst=fields.get("-d"),
            dst_inv=fields.get("-d!", False),
            in_dev=fields.get("-i", ""),
            in_inv=fields.get("-i!", False),
            logical_in=fields.get("--logical-in", ""),
            logical_in_inv=fields.get("--logical-in!", False),
            logical_out=fields.get("--logical-out", ""),
            logical_out_inv=fields.get("--logical-out!", False),
            out_dev=fields.get("-o", ""),
            out_inv=fields.get("-o!", False),
            matches=tuple(matches),
            watchers=tuple(watchers),
            target=target,
            packets=packets,
            octets=octets,
            line=line,
        )

    def _match(self, name: str, values: Mapping[str, Any]) -> eb.EbMatch:
        words = self.words
        proto = None if self.fields.get("-p!") else self.fields.get("-p")
        inverted: dict[str, Any] = {
            f"{key}_inv": True for extension, key in self.inverted if extension == name
        }
        if name == "ip":
            if proto != 0x800:
                words.fail("For IP filtering the protocol must be specified as IPv4")
            ports = "sport" in values or "dport" in values
            if ports and ("proto_inv" in inverted or values.get("proto") not in (6, 17, 33, 132)):
                words.fail(
                    "For port filtering the IP protocol must be either 6 (tcp), 17 (udp), 33 (dccp) or 132 (sctp)"
                )
            if "icmp" in values and ("proto_inv" in inverted or values.get("proto") != 1):
                words.fail("For ICMP filtering the IP protocol must be 1 (icmp)")
            return eb.EbIp(**values, **inverted)
        if name == "arp":
            if proto not in (0x806, 0x8035):
                words.fail("For (R)ARP filtering the protocol must be specified as ARP or RARP")
            gratuitous = inverted.pop("gratuitous_inv", False)
            fields = {**values, "gratuitous": not gratuitous if "gratuitous" in values else None}
            return eb.EbArp(**fields, **inverted)
        if name == "vlan":
            if proto != 0x8100:
                words.fail("For vlan filtering the protocol must be specified as 802_1Q")
            if values.get("id"):
                # the kernel forgets the priority beside an id (net/bridge/netfilter/ebt_vlan.c)
                values = {key: value for key, value in values.items() if key != "prio"}
                inverted.pop("prio_inv", None)
            return eb.EbVlan(**values, **inverted)
        if name == "802_3":
            if proto != "LENGTH":
                words.fail("For 802.3 DSAP/SSAP filtering the protocol must be LENGTH")
            return eb.Eb8023(**values, **inverted)
        if name == "pkttype":
            return eb.EbPkttype(values["type"], bool(inverted))
        if name == "mark_m":
            value, mask, any_bit = values["mark"]
            return eb.EbMark(value, mask, any_bit, bool(inverted))
        return eb.EbLimit(**values)

    def _target(self) -> eb.EbTarget:
        words, name = self.words, self.jump
        values = self.used.get(name, {})
        verdict: eb.Verdict = values.get("verdict", "DROP" if name == "arpreply" else "ACCEPT")
        if name in TARGETS and verdict == "RETURN" and self._base():
            words.fail(f"--{name}-target RETURN not allowed on base chain")
        self._right_chain(name)
        if name == "mark":
            actions: tuple[Literal["set", "or", "and", "xor"], ...] = ("set", "or", "and", "xor")
            given = [key for key in actions if key in values]
            if not given:
                words.fail("No mark value supplied")
            return eb.EbSetMark(given[0], values[given[0]], verdict)
        if name in ("snat", "dnat", "arpreply") and "mac" not in values:
            words.fail("No arpreply mac supplied" if name == "arpreply" else f"No {name} address supplied")
        if name == "snat":
            return eb.EbSnat(values["mac"], "arp" in values, verdict)
        if name == "dnat":
            return eb.EbDnat(values["mac"], verdict)
        if name == "redirect":
            return eb.EbRedirect(verdict)
        if name == "arpreply":
            if self.fields.get("-p") != 0x806 or self.fields.get("-p!"):
                words.fail("For ARP replying the protocol must be specified as ARP")
            return eb.EbArpreply(values["mac"], verdict)
        if name in VERDICTS:
            return eb.EbVerdict(cast(eb.Verdict, name))
        return eb.EbJump(name)

    def _right_chain(self, name: str) -> None:
        """Targets that belong in one table; a user's chain of that table is not looked through."""
        allowed = {
            "snat": {"nat": {"POSTROUTING"}},
            "dnat": {"nat": {"PREROUTING", "OUTPUT"}, "broute": {"BROUTING"}},
            "redirect": {"nat": {"PREROUTING"}, "broute": {"BROUTING"}},
            "arpreply": {"nat": {"PREROUTING"}},
        }.get(name)
        if allowed is None:
            return
        if self.table not in allowed or (self._base() and self.chain not in allowed[self.table]):
            if name == "arpreply":
                self.words.fail("arpreply only allowed in PREROUTING")
            self.words.fail(f"Wrong chain for {name}")


def _watcher(name: str, values: Mapping[str, Any]) -> eb.EbWatcher:
    if name == "log":
        return eb.EbLog(**{key: value for key, value in values.items() if key != "log"})
    return eb.EbNflog(**{key: value for key, value in values.items() if key != "nflog"})
