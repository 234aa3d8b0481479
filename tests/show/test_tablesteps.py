"""Forwarding tables and connections after each step: against the tables themselves, and what the real tools printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from netlab.errors import InputError
from netlab.kernel.bridge_device import BridgeDevice
from netlab.kernel.journeys import journeys_of
from netlab.kernel.world import World
from netlab.lab import Lab, LabResult, run_lab
from netlab.show import conntrack_table, forwarding_table, kernel_tables, table_changes
from netlab.show.tablefold import SIGNS, Tables
from netlab.show.tablesteps import table_steps
from netlab.trace import Journey

KERNEL = Path(__file__).parent.parent / "kernel"
Labs = Callable[..., LabResult]


def folded(world: World, netns: str) -> Tables:
    tables = Tables(netns)
    for step in world.steps:
        tables.add(step)
    return tables


@pytest.mark.parametrize("lab_file", sorted((KERNEL / "labs").glob("*.sh")), ids=lambda path: path.stem)
def test_the_steps_of_a_world_give_its_tables(lab_file: Path) -> None:
    """A law: nothing changes a forwarding table or a connection without a step that says so."""
    world = run_lab(lab_file.read_text("utf-8")).world
    for ns in world.netns.values():
        tables = folded(world, ns.name)
        for device in ns.devices.values():
            if isinstance(device, BridgeDevice):
                real = {
                    e.mac: (e.port.device.name if e.port else "", None if e.static else e.updated)
                    for e in device.bridge.fdb.entries()
                }
                living = tables.living(device.name, world.now)
                assert real == {
                    mac: (at.port, at.updated if at.kind == "learnt" else None) for mac, at in living.items()
                }
        assert {ct.original: ct.seen() for ct in ns.ct.entries()} == tables.tracked(world.now)


def test_changes_are_the_events_that_the_real_tool_printed(lab: Labs) -> None:
    """``conntrack -E`` on Linux 6.1 told the same events of the same connections, in the same order."""
    captured = (KERNEL / "captures" / "hand-ct-events.txt").read_text("utf-8")
    line = re.compile(r"\[(NEW|UPDATE|DESTROY)\] +\w+ .*?(src=\S+ dst=\S+ .*?)(?: \[UNREPLIED\])? src=")
    expected = line.findall(captured.partition("@@@LOG")[0])
    assert len(expected) == 13
    told = {"confirmed": "NEW", "removed": "DESTROY", "refreshed": ""}
    run = lab("hand-ct-events")
    seen: list[tuple[str, str]] = []
    for journey in run.packets:
        for tables in table_steps(run.world, journey)[1:]:
            # The tool tells once a packet what became of an entry; that its time starts anew is no event.
            found = [re.fullmatch(r"conntrack: (.*): \S (\w+).*", change) for change in tables.changes]
            events = [
                (told.get(m[2], "UPDATE"), m[1]) for m in found if m and m[2] not in ("created", "translated")
            ]
            seen += dict.fromkeys(event for event in events if event[0])
    # mark=7 was set before the entry was confirmed, so the tool tells it with the new entry
    marked = ("UPDATE", "src=172.18.0.2 dst=198.51.100.9 type=8 code=0 id=6")
    seen.remove(marked)
    assert seen == expected


def test_a_station_that_moves(lab: Labs) -> None:
    """The real bridge had the address on veth4 afterwards; its first frame from there was an ARP request."""
    shown = (KERNEL / "captures" / "hand-fdb-moves.txt").read_text("utf-8")
    assert "02:42:ac:12:00:02 dev veth4 master br0" in shown
    run = lab("hand-fdb-moves")
    moved = [
        row
        for journey in journeys_of(run.steps, arp=True)
        for row in table_changes(run.world, journey).rows
        if "moved" in row[-1]
    ]
    assert [row[3:] for row in moved] == [("02:42:ac:12:00:02 at br0", "> moved from veth2 to veth4")]


def test_an_entry_is_created_translated_confirmed_and_answered(lab: Labs) -> None:
    run = lab("c2ext")
    request, reply = run.packets[:2]
    assert [row[:3] + row[4:] for row in table_changes(run.world, request).rows] == [
        ("3", "ip PREROUTING", "conntrack", "+ created (only this packet carries it yet)"),
        ("4", "bridge INPUT", "forwarding", "= refreshed"),
        ("6", "ip POSTROUTING", "conntrack", "~ translated source becomes 10.171.77.1"),
        ("6", "ip POSTROUTING", "conntrack", "* confirmed"),
    ]
    before, after = kernel_tables(run.world, request, 0), kernel_tables(run.world, request)
    assert before.conntrack.rows == ()
    assert after.conntrack.marked == {0}
    assert kernel_tables(run.world, reply, 1).changes[0].endswith(": < replied")


def test_what_is_dropped_is_never_confirmed() -> None:
    run = run_lab("iptables -A INPUT -m conntrack --ctstate NEW -j DROP; ping -c 1 -W 1 127.0.0.1")
    rows = table_changes(run.world, run.packets[0]).rows
    # In by OUTPUT, confirmed at POSTROUTING: the drop comes after that, and the entry stays.
    assert [row[-1].split(" (")[0] for row in rows] == ["+ created", "* confirmed"]
    run = run_lab("iptables -A OUTPUT -m conntrack --ctstate NEW -j DROP; ping -c 1 -W 1 127.0.0.1")
    rows = table_changes(run.world, run.packets[0]).rows
    assert [row[-1].split(" (")[0] for row in rows] == ["+ created", "- never confirmed"]
    assert kernel_tables(run.world, run.packets[0]).conntrack.rows == ()


def test_the_last_state_is_what_the_tables_show_now() -> None:
    lab = Lab()
    lab.run("docker run --name c1 -d foo; docker run --name c2 -d foo")
    done = lab.run("docker exec c1 ping -c 1 172.17.0.3")
    last = kernel_tables(done.world, done.packets[-1])
    now = conntrack_table(done.world)
    assert [row[2:6] for row in last.conntrack.rows] == [row[2:6] for row in now.rows]
    (shown,) = last.forwarding
    assert {row[:3] for row in shown.rows} == {
        row[:3] for row in forwarding_table(done.world, "docker0").rows
    }
    # An earlier packet can still be asked for after the world went on.
    lab.run("conntrack -F")
    assert kernel_tables(done.world, done.packets[-1]).conntrack.rows == last.conntrack.rows


def test_an_aged_address_is_gone_when_it_is_looked_up(lab: Labs) -> None:
    """The real bridge sent the first echo request to veth2 only, and flooded the second, two seconds of age later."""
    log = (KERNEL / "captures" / "ageing.txt").read_text("utf-8").partition("@@@LOG")[2]
    sent = re.findall(r"eb:filter:OUTPUT IN= OUT=(\S+)", log)
    assert sent[0] == "veth2"
    assert len(sent) > 2
    run = lab("ageing")
    requests = [journey for journey in run.packets if "echo request" in journey.title]
    told = [[row[-1] for row in table_changes(run.world, journey).rows] for journey in requests]
    assert "- aged" not in told[0]
    assert "- aged" in told[1]
    assert not any(
        "c0:a8:00:02" in row[0] for row in kernel_tables(run.world, requests[1], 2).forwarding[0].rows
    )


def test_every_word_has_a_sign_and_marks_are_in_the_text(lab: Labs) -> None:
    run = lab("c2ext")
    shown = kernel_tables(run.world, run.packets[0], 6)
    assert "> icmp" in shown.text
    assert "~ translated source becomes 10.171.77.1; * confirmed" in shown.text
    assert 'aria-current="true"' in shown._repr_html_()
    assert all(len(sign) == 1 for sign in SIGNS.values())


def test_a_recorded_packet_and_another_world_are_refused(
    lab: Labs, article: Callable[[str], tuple[Journey, ...]]
) -> None:
    run = lab("c2ext")
    with pytest.raises(InputError, match="a log does not say"):
        kernel_tables(run.world, article("container-to-external")[0])
    with pytest.raises(InputError, match="not of this world"):
        kernel_tables(lab("c2c").world, run.packets[0])
    with pytest.raises(InputError, match="no step 7"):
        kernel_tables(run.world, run.packets[0], 7)
