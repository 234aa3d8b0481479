"""A loop without a spanning tree: frames circle for ever, and the lab says where it began."""

from __future__ import annotations

import pytest

from netlab.errors import InputError
from netlab.kernel import world
from netlab.lab import run_lab

LOOP = """\
ip link add br0 type bridge
ip link add br1 type bridge
ip link set br0 up
ip link set br1 up
for n in 1 2; do
  ip link add a$n type veth peer name b$n
  ip link set a$n master br0 up
  ip link set b$n master br1 up
done
ip addr add 10.0.0.1/24 dev br0
echo before
ping -c 1 -W 1 10.0.0.2
echo after
"""


def test_a_broadcast_storm_ends_the_lab_at_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "STORM", 1000)
    with pytest.raises(InputError, match="do not come to rest") as caught:
        run_lab(LOOP, source="loop.sh")
    assert "loop.sh:12" in str(caught.value)
    assert caught.value.result.output.startswith("before\n")  # type: ignore[attr-defined]


def test_a_large_transfer_is_no_storm() -> None:
    run = run_lab(
        "nc -l -p 80 > /dev/null &\nsleep 0.1\nhead -c 3000000 /dev/zero | nc -N -w 2 127.0.0.1 80; echo $?"
    )
    assert run.output == "0\n"
