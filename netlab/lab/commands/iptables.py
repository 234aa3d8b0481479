"""``iptables``, ``iptables-save`` and ``iptables-restore`` (legacy): the rules room reads and prints, the kernel obeys."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from netlab.kernel.hooks import IPV4_TABLES
from netlab.kernel.xtables import XtTable, open_table
from netlab.lab.arguments import read_options
from netlab.lab.commands.iptables_restore import Restore, obey, told, version, words_with_places
from netlab.lab.commands.system import EPOCH
from netlab.lab.context import Arg, Command, Process
from netlab.lab.files import FileError
from netlab.lab.process import Running
from netlab.lab.resolver import ask_for_address, ask_for_name_or_network, ask_for_network
from netlab.lab.shell_tree import Place
from netlab.rules.command import Command as Asked
from netlab.rules.errors import RulesError
from netlab.rules.listing import list_table, looked_up
from netlab.rules.model import RuleSet, Table
from netlab.rules.parse import parse_command
from netlab.rules.rule_text import show_rule
from netlab.rules.save import write_save

if TYPE_CHECKING:
    from netlab.kernel.netns import Netns


def _iptables(process: Process, argv: list[Arg]) -> int | Running:
    ns: Netns = process.netns

    def chains(table: str) -> Collection[str]:
        found = ns.xt.get(table)
        return list(found.chains) if found is not None else IPV4_TABLES.get(table, ())

    try:
        with words_with_places(argv) as place:
            asked = parse_command(
                [str(word) for word in argv[1:]], chains=chains, sets=list(ns.ipsets), place=place
            )
        if asked.verbose > 1:
            process.refuse(
                argv[-1], "iptables -vv, which shows the table as bytes, is not modelled", expected="-v"
            )
        process.err(asked.warnings)
        if asked.version:
            process.out(f"iptables {version(process)}\n")
            return 0
        if asked.help or not asked.letter:
            process.refuse(
                argv[-1], "iptables: the help text is not modelled", expected="a command such as -A or -L"
            )
        with words_with_places(argv):
            table = open_table(ns, asked.table)
            if asked.letter in ("L", "S"):
                _show(process, table, asked)
            else:
                if asked.verbose:
                    process.out(told(table, asked))
                obey(table, asked)
            if asked.letter == "L" and not asked.numeric:
                return _ask_names(process, table, asked)
            _afterwards(process, table, asked)
    except RulesError as error:
        return _refused(process, argv[0], error)
    return 0


def _refused(process: Process, program: Arg, error: RulesError) -> int | Running:
    if error.asked:
        return _ask_address(process, program, error)
    process.err(error.stderr(program.replace("-legacy", ""), version(process)))
    return error.status


def _ask_address(process: Process, program: Arg, error: RulesError) -> Running:
    """What is no address may be a host's name: it is asked for before the command gives up."""
    for kind, name in error.asked:
        if kind == "network":
            yield from ask_for_network(process, name)
        else:
            yield from ask_for_address(process, name, both=False)
    process.err(error.stderr(program.replace("-legacy", ""), version(process)))
    return error.status


def _ask_names(process: Process, table: XtTable, asked: Asked) -> Running:
    """``-L`` without ``-n``: the names of the listed addresses are asked for."""
    for chain in table.save():
        if asked.chain in (None, chain.name):
            for at, rule in enumerate(chain.rules, 1):
                if asked.number in (None, at):
                    for address in looked_up(rule):
                        yield from ask_for_name_or_network(process, address)
    _afterwards(process, table, asked)
    return 0


def _afterwards(process: Process, table: XtTable, asked: Asked) -> None:
    """What ``-Z`` beside ``-L`` and ``-S`` does, and what ``-v`` tells."""
    if asked.zero:
        if asked.verbose:
            process.out(told(table, asked))
        table.zero(asked.chain)


def _show(process: Process, table: XtTable, asked: Asked) -> None:
    """``-L`` and ``-S``."""
    model = table.save()
    if asked.chain is not None and asked.chain not in table.chains:
        raise RulesError("No chain/target/match by that name", status=1)
    if asked.letter == "L":
        process.out(
            list_table(
                model,
                asked.chain,
                number=asked.number,
                numeric=asked.numeric,
                verbose=asked.verbose > 0,
                exact=asked.exact,
                line_numbers=asked.line_numbers,
                release=process.host.world.release.iptables,
            )
        )
        return
    verbose = asked.verbose > 0
    shown = [chain for chain in model if asked.chain in (None, chain.name)]
    if asked.number is None:
        for chain in shown:
            if chain.policy is None:
                process.out(f"-N {chain.name}\n")
            else:
                counters = f" -c {chain.packets} {chain.octets}" if verbose else ""
                process.out(f"-P {chain.name} {chain.policy}{counters}\n")
    for chain in shown:
        for at, rule in enumerate(chain.rules, 1):
            if asked.number in (None, at):
                process.out(show_rule(rule, chain.name, counters=verbose) + "\n")


def _date(process: Process) -> str:
    return time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(EPOCH + process.now))


def _save(process: Process, argv: list[Arg]) -> int:
    options = read_options(process, argv, "ct:M:V", {"counters": "c", "table=": "t", "version": "V"})
    if "V" in options:
        process.out(f"{argv[0].replace('-legacy', '')} {version(process)}\n")
        return 0
    ns: Netns = process.netns
    name = options.get("t")
    try:
        tables = [open_table(ns, name)] if name is not None else list(reversed(ns.xt.values()))
    except RulesError:
        reason = "Table does not exist (do you need to insmod?)"
        process.err(f"{argv[0].replace('-legacy', '')} {version(process)}: Cannot initialize: {reason}\n")
        return 1
    release = process.host.world.release.iptables
    for table in tables:
        model = table.save()
        dated = Table(
            model.name,
            model.chains,
            (f"# Generated by iptables-save v{release} on {_date(process)}",),
            (f"# Completed on {_date(process)}",),
        )
        process.out(write_save(RuleSet((dated,)), counters="c" in options))
    return 0


def _restore(process: Process, argv: list[Arg]) -> Running:
    long = {"noflush": "n", "counters": "c", "test": "t", "verbose": "v", "wait": "w", "table=": "T"}
    options = read_options(process, argv, "nctvwT:", long)
    place = argv[0].place
    if options.words:
        word = options.words[0]
        try:
            text = process.host.read_file(process, process.host.files.absolute(word, process.cwd), word.place)
        except FileError as error:
            process.err(f"Can't open {word}: {error}\n")
            return 1
        place = Place(str(word), 1, "")
    else:
        place = process.stream(0).place or place
        text = yield from process.read_all()
    return Restore(process, argv[0], text, place, set(options.values), options.get("T")).run()


COMMANDS: Final[dict[str, Command]] = {
    **dict.fromkeys(("iptables", "iptables-legacy"), _iptables),
    **dict.fromkeys(("iptables-save", "iptables-legacy-save"), _save),
    **dict.fromkeys(("iptables-restore", "iptables-legacy-restore"), _restore),
}
