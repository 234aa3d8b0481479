"""The start-up dump, as logged, as reformatted by the article's author, and as today's JSON."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab import data
from netlab.errors import InputError
from netlab.kubelet.godump import read_dumps, value_text
from netlab.kubelet.model import Threshold, ThresholdValue, float32
from netlab.kubelet.profile import CURRENT, V17
from netlab.kubelet.quantity import parse_quantity
from netlab.kubelet.thresholds import parse_percentage, parse_threshold_config

DEFAULTS = parse_threshold_config(
    V17, hard="memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%", enforce=()
)


@pytest.mark.parametrize("name", ["kubelet-log-start.txt", "hard-eviction-thresholds.txt"])
def test_the_articles_first_dump_shows_the_defaults(name: str) -> None:
    (dump,) = read_dumps(data.article(name))
    assert dump.thresholds == DEFAULTS


def test_the_second_dump_shows_what_was_lost() -> None:
    (dump,) = read_dumps(data.article("kubelet-log-restart.txt"))
    assert dump.thresholds == parse_threshold_config(V17, hard="nodefs.available<5%", enforce=())
    assert dump.enforce == ("pods",)


def test_a_single_line_of_a_dump() -> None:
    (dump,) = read_dumps(data.article("threshold-line.txt"))
    assert [str(t) for t in dump.thresholds] == ["nodefs.available<5%"]


def test_todays_json() -> None:
    line = (
        '"Creating Container Manager object based on Node Config" nodeConfig={"EnforceNodeAllocatable":'
        '{"pods":{}},"HardEvictionThresholds":[{"Signal":"memory.available","Operator":"LessThan","Value":'
        '{"Quantity":"100Mi","Percentage":0},"GracePeriod":0,"MinReclaim":null},{"Signal":"imagefs.available",'
        '"Operator":"LessThan","Value":{"Quantity":null,"Percentage":0.15},"GracePeriod":0,"MinReclaim":'
        '{"Quantity":"1Gi","Percentage":0}}],"QOSReserved":{}}'
    )
    (dump,) = read_dumps("first line\n" + line)
    memory, imagefs = dump.thresholds
    assert memory == DEFAULTS[0]
    assert imagefs.value.percentage == parse_percentage("15%")
    assert imagefs.min_reclaim == ThresholdValue(parse_quantity("1Gi"))
    assert dump.enforce == ("pods",)
    assert dump.line == 2


def test_a_reclaim_printed_as_an_address_is_said_to_be_unknown() -> None:
    text = (
        "HardEvictionThresholds:[{Signal:nodefs.available Operator:LessThan Value:{Quantity:1Gi Percentage:0} "
        "GracePeriod:0s MinReclaim:0xc4204d6d40}]"
    )
    (dump,) = read_dumps(text)
    assert dump.thresholds == (
        Threshold(signal="nodefs.available", value=ThresholdValue(parse_quantity("1Gi"))),
    )
    assert "address" in dump.notes[0]


def test_empty_lists_and_no_lists() -> None:
    assert read_dumps("HardEvictionThresholds:[]")[0].thresholds == ()
    assert read_dumps('"HardEvictionThresholds":null')[0].thresholds == ()
    assert read_dumps("nothing of the kind") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("HardEvictionThresholds:[{Signal:memory.available Operator:Le", "the line is cut"),
        ("HardEvictionThresholds:[{Signal:memory.available}]", "not a threshold"),
        ("HardEvictionThresholds:foo", "no list"),
        ('HardEvictionThresholds:[{"Signal":1]', "not JSON"),
        ('HardEvictionThresholds:[{"Signal":"a"}]', "no Operator"),
        ("HardEvictionThresholds:[{Signal:a Operator:LessThan Value:{Quantity:1x Percentage:0} GracePeriod:0s "
         "MinReclaim:<nil>}]", "quantities must match"),
        ("HardEvictionThresholds:[{Signal:a Operator:LessThan Value:{Quantity:<nil> Percentage:--} "
         "GracePeriod:0s MinReclaim:<nil>}]", "not a list of thresholds"),
    ],
)  # fmt: skip
def test_a_dump_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_dumps("x\n" + text, source="log")
    assert (caught.value.source, caught.value.line) == ("log", 2)


@settings(deadline=None)
@given(st.integers(1, 9999))
def test_a_share_is_written_as_text_that_parses_back(hundredths: int) -> None:
    share = parse_percentage(f"{hundredths / 100}%")
    text = value_text(ThresholdValue(percentage=share))
    assert parse_percentage(text) == share
    assert len(text) <= len(f"{hundredths / 100:g}%")


def test_a_quantity_is_written_as_itself() -> None:
    assert value_text(ThresholdValue(parse_quantity("100Mi"))) == "100Mi"
    assert value_text(ThresholdValue(percentage=float32(0.05))) == "5%"


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_is_never_written_as_a_switch_off(share: float) -> None:
    text = value_text(ThresholdValue(percentage=share))
    (threshold,) = parse_threshold_config(CURRENT, hard={"nodefs.available": text}, enforce=())
    assert threshold.value.percentage == share


@settings(deadline=None)
@given(st.floats(0, 1, width=32))
def test_a_share_that_no_text_gives_comes_out_as_the_nearest(share: float) -> None:
    again = parse_percentage(value_text(ThresholdValue(percentage=share)))
    assert again == pytest.approx(share, rel=2e-7, abs=1e-40)
