"""Which lines belong to one packet, against the article's own account and captured logs."""

from __future__ import annotations

from itertools import pairwise

import pytest

from netlab.trace import EbtablesRecord, IptablesRecord, Journey, parse_line, read_trace
from netlab.trace.journeys import group


def way(journey: Journey) -> str:
    return " ".join(f"{'eb' if h.family == 'bridge' else 'ip'}:{h.hook}" for h in journey.hops)


THROUGH = "eb:BROUTING eb:PREROUTING ip:PREROUTING"
BRIDGED = f"{THROUGH} eb:FORWARD ip:FORWARD eb:POSTROUTING"
# what the article says each of its excerpts shows, packet by packet
ARTICLE = [
    ("192.168.0.2 > 192.168.0.3", 14, f"{BRIDGED} ip:POSTROUTING"),
    ("192.168.0.3 > 192.168.0.2", 10, BRIDGED),
    ("192.168.0.2 > 192.168.0.3", 10, BRIDGED),
    ("192.168.0.1 > 192.168.0.2", 12, "ip:OUTPUT ip:POSTROUTING" + " eb:OUTPUT eb:POSTROUTING" * 2),
    ("192.168.0.2 > 192.168.0.1", 7, f"{THROUGH} eb:INPUT ip:INPUT"),
    ("10.171.77.0 > 10.28.61.30", 6, "ip:OUTPUT ip:POSTROUTING"),
    ("10.28.61.30 > 10.171.77.0", 4, "ip:PREROUTING ip:INPUT"),
    ("192.168.0.2 > 10.28.61.30", 13, f"{THROUGH} ip:FORWARD ip:POSTROUTING"),
    ("10.28.61.30 > 10.171.77.0", 12, "ip:PREROUTING ip:FORWARD ip:POSTROUTING eb:OUTPUT eb:POSTROUTING"),
]


def test_the_article_has_nine_packets(article: list[str]) -> None:
    assert len(article) == 88
    journeys = read_trace("\n".join(article) + "\n").journeys()
    assert [
        (j.title.partition("re")[2].split(" ", 1)[1], len(j.records), way(j)) for j in journeys
    ] == ARTICLE


def test_every_line_is_in_exactly_one_packet(article: list[str], captures: dict[str, list[str]]) -> None:
    for lines in (article, *captures.values()):
        log = read_trace("\n".join(lines) + "\n")
        seen = [r.origin.line for j in log.journeys() for r in j.records if r.origin]
        assert sorted(seen) == list(range(1, len(lines) + 1))


def test_a_packet_of_6_18_has_one_ip_id(captures: dict[str, list[str]]) -> None:
    journeys = read_trace("\n".join(captures["kernel-6.18.txt"]) + "\n").journeys()
    for journey in journeys:
        ids = {
            (r.ip.id, r.ip.icmp_seq, r.ip.seq)
            for r in journey.records
            if isinstance(r, IptablesRecord) and r.ip
        }
        assert len(ids) == 1
        # and each packet begins where a packet can begin
        assert journey.hops[0].hook in ("PREROUTING", "OUTPUT")
    # 4 pings, host->c1 2, c1->host 2, c1->ext 2, tcp 10, udp 2, lo 2, ttl 2, closed port 2
    assert len(journeys) == 28


def test_nat_in_the_middle_does_not_split(article: list[str]) -> None:
    reply = read_trace("\n".join(article) + "\n").journeys()[-1]
    text = reply.explain()
    assert "destination rewritten: 10.171.77.0 is now 192.168.0.2 (NAT)" in text
    assert "TTL lowered from 57 to 56" in text
    assert reply.direction == "in by eth0, routed to veth0594f4b"


def test_loopback_is_one_packet(captures: dict[str, list[str]]) -> None:
    lines = [x for x in captures["kernel-6.18.txt"] if "SRC=127.0.0.1" in x]
    journeys = read_trace("\n".join(lines) + "\n").journeys()
    assert [way(j) for j in journeys] == ["ip:OUTPUT ip:POSTROUTING ip:PREROUTING ip:INPUT"] * 2
    assert journeys[0].direction == "from this host to itself"


def test_flood_is_one_packet_with_branches(article: list[str]) -> None:
    flood = read_trace("\n".join(article) + "\n").journeys()[3]
    assert flood.flooded == ("veth57a3dec", "veth0594f4b")
    assert [[h.port for h in b] for b in flood.branches] == [
        ["docker0", "docker0", "veth57a3dec", "veth57a3dec"],
        ["docker0", "docker0", "veth0594f4b", "veth0594f4b"],
    ]
    assert "flooded to veth57a3dec, veth0594f4b" in flood.explain()


def test_arp_flood_with_a_copy_for_the_host(captures: dict[str, list[str]]) -> None:
    first = read_trace("\n".join(captures["kernel-6.1-ebtables.txt"][:5]) + "\n").journeys()
    assert [way(j) for j in first] == ["eb:BROUTING eb:PREROUTING eb:FORWARD eb:POSTROUTING eb:INPUT"]
    assert len(first[0].branches) == 2


def test_a_packet_that_waits_for_arp_stays_one(captures: dict[str, list[str]]) -> None:
    lines = captures["kernel-6.1-ebtables.txt"]
    start = next(
        n for n, x in enumerate(lines) if "raw:OUTPUT" in x and "SRC=192.168.0.1 DST=192.168.0.2" in x
    )
    journeys = read_trace("\n".join(lines[start : start + 16]) + "\n").journeys()
    assert way(journeys[0]) == "ip:OUTPUT ip:POSTROUTING eb:OUTPUT eb:POSTROUTING"
    assert journeys[1].title.startswith("ARP request")


def test_interleaved_packets_come_apart(article: list[str]) -> None:
    # two CPUs: the lines of the ping to the LAN between those of the ping to the container
    one, two = article[34:53], article[53:63]
    mixed = [x for pair in zip(one, [*two, *[""] * 9], strict=True) for x in pair if x]
    ways = sorted(way(j) for j in read_trace("\n".join(mixed) + "\n").journeys())
    assert ways == sorted(w for _, _, w in ARTICLE[3:7])


def test_a_rule_that_prints_again_is_another_packet() -> None:
    line = "drop: IN=eth0 OUT=br0 SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=2 "
    assert len(group([parse_line(line), parse_line(line)])) == 2


def test_a_user_chain_called_twice_stays_in_the_packet() -> None:
    tail = "IN=eth0 OUT=br0 SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=9 PROTO=2 "
    points = ["FORWARD:rule:1", "SUB:return:2", "FORWARD:rule:2", "SUB:return:2", "FORWARD:policy:3"]
    (journey,) = group([parse_line(f"TRACE: filter:{p} {tail}") for p in points])
    assert way(journey) == "ip:FORWARD"
    assert len(journey.records) == 5


def test_broute_hands_the_frame_to_ip() -> None:
    mac = "MAC source = 02:42:c0:a8:00:02 MAC dest = 02:42:c0:a8:00:01 proto = 0x0800"
    tail = "SRC=192.168.0.2 DST=10.0.0.1 LEN=28 TOS=0x00 PREC=0x00 TTL={} ID=9 PROTO=2 "
    lines = [
        f"EB:broute:BROUTING: IN=v1 OUT= {mac} IP SRC=192.168.0.2 IP DST=10.0.0.1, IP tos=0x00, IP proto=2",
        "TRACE: raw:PREROUTING:policy:1 IN=v1 OUT= MAC= " + tail.format(64),
        "TRACE: filter:FORWARD:policy:1 IN=v1 OUT=eth0 MAC= " + tail.format(63),
    ]
    (journey,) = read_trace("\n".join(lines) + "\n").journeys()
    assert way(journey) == "eb:BROUTING ip:PREROUTING ip:FORWARD"
    assert "broute gave the frame to IPv4" in journey.explain()


def test_bridged_dnat_changes_the_destination_between_hooks() -> None:
    mac = "MAC source = 02:42:c0:a8:00:02 MAC dest = {} proto = 0x0800 IP SRC=192.168.0.2 IP DST={}, IP tos=0x00, IP proto=6"
    tcp = "LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=7 DF PROTO=TCP SPT=4 DPT={} SEQ=1 ACK=0 WINDOW=9 RES=0x00 SYN URGP=0 "
    host, server = "02:42:ff:27:17:4d", "02:42:c0:a8:00:03"
    lines = [
        "EB:nat:PREROUTING: IN=v1 OUT= " + mac.format(host, "192.168.0.1") + " SPT=4 DPT=8080",
        "TRACE: nat:DOCKER:rule:1 IN=b OUT= PHYSIN=v1 MAC= SRC=192.168.0.2 DST=192.168.0.1 "
        + tcp.format(8080),
        "EB:filter:FORWARD: IN=v1 OUT=v2 " + mac.format(server, "192.168.0.3") + " SPT=4 DPT=80",
        "TRACE: filter:FORWARD:policy:1 IN=b OUT=b PHYSIN=v1 PHYSOUT=v2 MAC= SRC=192.168.0.2 DST=192.168.0.3 "
        + tcp.format(80),
    ]
    (journey,) = read_trace("\n".join(lines) + "\n").journeys()
    assert len(journey.records) == 4
    assert "192.168.0.1:8080 is now 192.168.0.3:80" in journey.explain()


def test_explanations_name_what_is_missing(article: list[str]) -> None:
    journeys = read_trace("\n".join(article) + "\n").journeys()
    assert "no mangle lines" in journeys[0].explain()
    assert "no nat lines" not in journeys[0].explain()
    assert "no nat lines" in journeys[1].explain()
    # the article's excerpt lacks the line that a kernel prints here
    assert "no bridge INPUT line" in journeys[7].explain()


def test_html_is_escaped() -> None:
    line = "<b>IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=9 PROTO=2 \n"
    log = read_trace(line)
    for html in (log._repr_html_(), log.journeys()[0]._repr_html_()):
        assert "<b>" not in html
        assert "&lt;b&gt;" in html


def test_hops_alternate(captures: dict[str, list[str]]) -> None:
    log = read_trace("\n".join(captures["kernel-6.1-ebtables.txt"]) + "\n")
    for journey in log.journeys():
        for one, two in pairwise(journey.hops):
            assert (one.name, one.in_dev, one.out_dev) != (two.name, two.in_dev, two.out_dev)
        for hop in journey.hops:
            kinds = {isinstance(r, EbtablesRecord) for r in hop.records}
            assert kinds == {hop.family == "bridge"}


def test_journeys_do_not_depend_on_stamps(article: list[str]) -> None:
    plain = read_trace("\n".join(article) + "\n").journeys()
    stamped = read_trace("".join(f"[ 2228.{n:06}] {x}\n" for n, x in enumerate(article))).journeys()
    assert plain == stamped


@pytest.mark.parametrize("seconds", [1, 100])
def test_a_long_silence_ends_a_packet(article: list[str], seconds: int) -> None:
    lines = [f"[{10 + n * seconds:5}.000000] {x}\n" for n, x in enumerate(article[53:55])]
    assert len(read_trace("".join(lines)).journeys()) == (1 if seconds == 1 else 2)
