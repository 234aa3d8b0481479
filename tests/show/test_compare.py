"""Two packets and two logs side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from netlab.kernel.journeys import kernel_journeys
from netlab.lab.host import Lab
from netlab.lab.result import LabResult
from netlab.show.compare import compare_journeys, compare_logs
from netlab.trace import Journey

Captured = Callable[[str], tuple[Journey, ...]]
KERNEL = Path(__file__).parent.parent / "kernel"


def test_request_and_reply_differ_first_where_nat_is_asked(captured: Captured) -> None:
    request, reply = captured("c2c")[:2]
    table = compare_journeys(request, reply)
    (row,) = table.marked
    assert table.rows[row][0].startswith("3. ip PREROUTING")
    assert "nat:PREROUTING" in table.rows[row][0]
    assert "nat:PREROUTING" not in table.rows[row][1]
    assert table.notes == ("first difference in row 3",)


def test_a_packet_equals_itself(captured: Captured) -> None:
    packet = captured("c2ext")[0]
    table = compare_journeys(packet, packet)
    assert not table.marked
    assert table.notes == ("the two packets took the same way",)


def test_simulated_and_recorded_packets_compare(lab: Callable[..., LabResult], captured: Captured) -> None:
    for simulated, recorded in zip(kernel_journeys(lab("c2ext").world), captured("c2ext"), strict=True):
        assert not compare_journeys(simulated, recorded).marked


def test_a_hop_that_one_side_lacks_stands_alone(captured: Captured) -> None:
    bridged, routed = captured("c2c")[0], captured("c2ext")[0]
    rows = compare_journeys(bridged, routed).rows
    assert any(left and not right for left, right, _ in rows) or any(
        right and not left for left, right, _ in rows
    )
    assert sum(bool(left) for left, _, _ in rows) == len(bridged.hops)
    assert sum(bool(right) for _, right, _ in rows) == len(routed.hops)


def test_logs_of_simulator_and_kernel_agree(lab: Callable[..., LabResult]) -> None:
    text = (KERNEL / "labs" / "c2c.sh").read_text("utf-8")
    real = (KERNEL / "captures" / "c2c.txt").read_text("utf-8").partition("@@@LOG\n")[2].splitlines()
    table = compare_logs(lab("c2c").log, real, lab=text)
    assert not table.marked
    assert table.notes == (f"the two logs agree: {len(real)} lines",)


def test_a_line_that_differs_is_found(lab: Callable[..., LabResult]) -> None:
    log = list(lab("c2c").log)
    at = next(n for n, line in enumerate(log) if line.startswith("TRACE: filter"))
    changed = [line.replace("TTL=64", "TTL=63") if n == at else line for n, line in enumerate(log)]
    assert compare_logs(log, changed).marked == {at}
    assert compare_logs(log, log[:-1]).marked == {len(log) - 1}


def test_packets_that_only_log_rules_tell_compare_by_prefix() -> None:
    from netlab.trace import read_trace

    line = (
        "{} IN=veth2 OUT=veth3 MAC source = 02:42:c0:a8:00:02 MAC dest = 02:42:c0:a8:00:03 proto = 0x0800 "
        "IP SRC=192.168.0.2 IP DST=192.168.0.3, IP tos=0x00, IP proto=1\n"
    )
    one, other = (read_trace(line.format(prefix)).journeys()[0] for prefix in ("mine", "theirs"))
    assert compare_journeys(one, other).marked == {0}
    assert not compare_journeys(one, one).marked


def test_simulated_packets_compare_where_nothing_printed(lab: Callable[..., LabResult]) -> None:
    first, second = kernel_journeys(lab("flood").world)[:2]
    table = compare_journeys(first, second)
    assert len(table.rows) == len(first.hops)
    assert not compare_journeys(first, first).marked


def test_two_hooks_without_a_rule_are_still_two_hooks() -> None:
    """A frame that br0 passes up and one that it forwards part at the bridge's decision, though no rule speaks there."""
    lab = Lab()
    lab.run("ip link add br0 type bridge; ip link set br0 up; ip addr add 10.0.0.1/24 dev br0")
    for n in (1, 2):
        lab.run(
            f"ip netns add c{n}; ip link add port{n} type veth peer name eth0 netns c{n}; "
            f"ip link set port{n} master br0 up; ip -n c{n} addr add 10.0.0.{n + 1}/24 dev eth0; "
            f"ip -n c{n} link set eth0 up"
        )
    up, across = (lab.run(f"ip netns exec c1 ping -c 1 10.0.0.{last}").packets[0] for last in (1, 3))
    rows = compare_journeys(up, across).rows
    assert next(row for row in rows if row[2])[:2] == ("4. bridge INPUT", "4. bridge FORWARD")
