"""What a comparison of two kernels looks past, and what it does not."""

from __future__ import annotations

from netlab.lab.mask import Mask

NEIGHBOURS = (
    "10.0.0.2 dev d0 lladdr 3a:00:00:00:00:01 REACHABLE \n10.0.0.3 dev d0 lladdr 52:00:00:00:00:02 STALE \n"
)
OTHER_ORDER = (
    "10.0.0.3 dev d0 lladdr 0e:00:00:00:00:09 STALE \n10.0.0.2 dev d0 lladdr f2:00:00:00:00:07 REACHABLE \n"
)
LATER = "link/ether {} brd ff:ff:ff:ff:ff:ff\n"


def test_the_order_of_a_hash_table_does_not_number_its_addresses() -> None:
    one = Mask("ip neigh").output(NEIGHBOURS + LATER.format("3a:00:00:00:00:01"))
    other = Mask("ip neigh").output(OTHER_ORDER + LATER.format("f2:00:00:00:00:07"))
    assert one == other
    swapped = Mask("ip neigh").output(OTHER_ORDER + LATER.format("0e:00:00:00:00:09"))
    assert swapped != one


def test_an_address_that_the_lab_names_is_compared() -> None:
    lab = "ip link add d0 address 3a:00:00:00:00:01 type veth"
    assert Mask(lab).output(NEIGHBOURS) != Mask(lab).output(OTHER_ORDER)
