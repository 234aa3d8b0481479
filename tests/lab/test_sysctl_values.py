"""A sysctl whose effect netlab does not model may stand at its default, and is refused at any other value."""

from __future__ import annotations

import pytest

from netlab.errors import NotModelledError
from netlab.kernel.sysctl import GLOBAL, PER_DEVICE, WITHOUT_EFFECT
from netlab.lab import run_lab


@pytest.mark.parametrize(
    "line",
    [
        "sysctl -w net.ipv4.ip_nonlocal_bind=1",
        "echo 1 > /proc/sys/net/ipv4/conf/all/arp_notify",
    ],
)
def test_another_value_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(NotModelledError, match="a value other than 0 is not modelled") as error:
        run_lab(f"true\n{line}\n")
    assert error.value.line == 2


def test_the_default_may_be_written() -> None:
    assert (
        run_lab("sysctl -w net.ipv4.conf.all.arp_accept=0\n").output == "net.ipv4.conf.all.arp_accept = 0\n"
    )


def test_every_word_of_the_list_is_a_key() -> None:
    assert {*PER_DEVICE, *(key.rsplit(".", 1)[1] for key in GLOBAL)} >= WITHOUT_EFFECT


def test_a_folder_that_is_modelled_only_in_part_is_refused() -> None:
    with pytest.raises(NotModelledError, match=r"the folder net\.ipv4 is not modelled whole"):
        run_lab("sysctl net.ipv4\n")
