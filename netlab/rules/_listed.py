"""The extension texts of a listing, turned back into the words of the command line.

A listing says what a rule does, not how it was written: each text is put back into options and read by the same
grammar as a command, so that one set of option tables knows what a match is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

WordsOf = Callable[[re.Match[str]], list[str]]


def _bang(inverted: object) -> list[str]:
    return ["!"] if inverted else []


def _ports(option: str, text: str | None) -> list[str]:
    if text is None:
        return []
    return [*_bang(text.startswith("!")), option, text.lstrip("!")]


def _tcp(m: re.Match[str]) -> list[str]:
    words = ["-m", "tcp", *_ports("--sport", m["sport"]), *_ports("--dport", m["dport"])]
    if m["option"]:
        words += [*_bang(m["option"].startswith("!")), "--tcp-option", m["option"].lstrip("!")]
    if m["flags"]:
        mask, comp = m["flags"].lstrip("!").split("/")
        words += [*_bang(m["flags"].startswith("!")), "--tcp-flags", _flags(mask), _flags(comp)]
    return words


def _flags(text: str) -> str:
    if not text.startswith("0x"):
        return text
    names = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")
    value = int(text, 16)
    return ",".join(name for bit, name in enumerate(names) if value >> bit & 1) or "NONE"


def _icmp_name(m: re.Match[str]) -> list[str]:
    return ["-m", "icmp", *_bang(m["name"].startswith("!")), "--icmp-type", m["name"].lstrip("!")]


def _icmp(m: re.Match[str]) -> list[str]:
    code = "" if m["code"] is None else f"/{m['code']}"
    if m["codes"]:
        code = "/" + m["codes"].replace("-", ":")
    return ["-m", "icmp", *_bang(m["inv"]), "--icmp-type", m["type"] + code]


def _conntrack(m: re.Match[str]) -> list[str]:
    words = ["-m", "conntrack"]
    for inverted, name, value in re.findall(r"(! )?ct(\w+) +(\S+)", m[0]):
        words += [*_bang(inverted), f"--ct{name}", "0.0.0.0/0" if value == "anywhere" else value]
    return words


def _addrtype(m: re.Match[str]) -> list[str]:
    words = ["-m", "addrtype"]
    for side, value in re.findall(r"(src|dst)-type (\S+)", m[0]):
        words += [*_bang(value.startswith("!")), f"--{side}-type", value.lstrip("!")]
    return words + [f"--limit-iface-{side}" for side in re.findall(r"limit-(in|out)", m[0])]


def _statistic(m: re.Match[str]) -> list[str]:
    words = ["-m", "statistic", "--mode", m["mode"], *_bang(m["inv"])]
    if m["mode"] == "random":
        return [*words, "--probability", m["p"]]
    return [*words, "--every", m["every"], "--packet", m["packet"] or "0"]


def _owner(m: re.Match[str]) -> list[str]:
    words = ["-m", "owner"]
    for inverted, what, value in re.findall(r"(! )?owner (socket exists|UID match|GID match) ?(\S*)", m[0]):
        if what == "socket exists":
            words += [*_bang(inverted), "--socket-exists"]
        else:
            words += [*_bang(inverted), f"--{what[:3].lower()}-owner", value]
    return words + (["--suppl-groups"] if "incl. suppl. groups" in m[0] else [])


def _recent(m: re.Match[str]) -> list[str]:
    mode = {"SET": "set", "CHECK": "rcheck", "UPDATE": "update", "REMOVE": "remove"}[m["mode"]]
    words = ["-m", "recent", *_bang(m["inv"]), f"--{mode}"]
    words += ["--seconds", m["seconds"]] if m["seconds"] else []
    words += ["--reap"] if m["reap"] else []
    words += ["--hitcount", m["hits"]] if m["hits"] else []
    words += ["--rttl"] if m["ttl"] else []
    words += ["--name", m["name"], f"--r{m['side']}"]
    return words + (["--mask", m["mask"]] if m["mask"] else [])


def _iprange(m: re.Match[str]) -> list[str]:
    words = ["-m", "iprange"]
    for side, inverted, value in re.findall(r"(source|destination) IP range( !)? (\S+)", m[0]):
        words += [*_bang(inverted), "--src-range" if side == "source" else "--dst-range", value]
    return words


_PORTS: Final = r"(?: spts?:(?P<sport>!?[\w.:+-]+))?(?: dpts?:(?P<dport>!?[\w.:+-]+))?"
_CT: Final = (
    r"(?:! )?ct(?:state|proto|origsrc|origdst|replsrc|repldst|origsrcport|origdstport|replsrcport|repldstport"
    r"|status|expire|dir) +\S+"
)
_OWNER: Final = r"(?:! )?owner (?:socket exists|UID match \S+|GID match \S+)"

MATCHES: Final[tuple[tuple[re.Pattern[str], WordsOf], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"tcp" + _PORTS + r"(?: option=(?P<option>!?\d+))?(?: flags:(?P<flags>!?[\w,]+/[\w,]+))?(?= |$)",
            _tcp,
        ),
        (
            r"udp" + _PORTS + r"(?= |$)",
            lambda m: ["-m", "udp", *_ports("--sport", m["sport"]), *_ports("--dport", m["dport"])],
        ),
        (
            r"icmp ?(?P<inv>!)?type (?P<type>\d+)(?: code (?P<code>\d+))?(?: codes (?P<codes>\d+-\d+))?",
            _icmp,
        ),
        (r"icmp (?P<name>!?[A-Za-z][\w-]*)", _icmp_name),
        (
            r"multiport (?P<kind>sports|dports|ports)  ?(?P<inv>!)?(?P<list>\S+)",
            lambda m: ["-m", "multiport", *_bang(m["inv"]), f"--{m['kind']}", m["list"]],
        ),
        (r"/\* (?P<text>.*?) \*/", lambda m: ["-m", "comment", "--comment", m["text"]]),
        (
            r"mark match( !)? (?P<value>\S+)",
            lambda m: ["-m", "mark", *_bang(m[1]), "--mark", m["value"]],
        ),
        (
            r"connmark match (!)? (?P<value>\S+)",
            lambda m: ["-m", "connmark", *_bang(m[1]), "--mark", m["value"]],
        ),
        (_CT + r"(?: " + _CT + r")*", _conntrack),
        (r"(! )?state (?P<states>[A-Z,]+)", lambda m: ["-m", "state", *_bang(m[1]), "--state", m["states"]]),
        (
            r"ADDRTYPE match(?: src-type \S+)?(?: dst-type \S+)?(?: limit-(?:in|out))?",
            _addrtype,
        ),
        (
            r"PHYSDEV match(?P<options>(?: !)?(?: --physdev-(?:is-in|is-out|is-bridged|in \S+|out \S+)"
            r"|(?: !) --physdev-\S+)+)",
            lambda m: ["-m", "physdev", *m["options"].split()],
        ),
        (
            r"statistic mode (?P<mode>random|nth)(?P<inv> !)?(?: probability (?P<p>[\d.]+))?"
            r"(?: every (?P<every>\d+))?(?: packet (?P<packet>\d+))?",
            _statistic,
        ),
        (
            r"MAC ?(?P<inv>! )?(?P<mac>[0-9A-Fa-f:]{17})",
            lambda m: ["-m", "mac", *_bang(m["inv"]), "--mac-source", m["mac"]],
        ),
        (
            r"limit: avg (?P<rate>\S+) burst (?P<burst>\d+)",
            lambda m: ["-m", "limit", "--limit", m["rate"], "--limit-burst", m["burst"]],
        ),
        (r"(?:source|destination) IP range(?: !)? \S+(?: destination IP range(?: !)? \S+)?", _iprange),
        (
            r"PKTTYPE (?P<inv>!)?= (?P<type>\w+)",
            lambda m: ["-m", "pkttype", *_bang(m["inv"]), "--pkt-type", m["type"]],
        ),
        (_OWNER + r"(?: " + _OWNER + r")*(?: incl\. suppl\. groups)?", _owner),
        (
            r"length (?P<inv>!)?(?P<range>[\d:]+)",
            lambda m: ["-m", "length", *_bang(m["inv"]), "--length", m["range"]],
        ),
        (
            r"tcpmss match (?P<inv>!)?(?P<range>[\d:]+)",
            lambda m: ["-m", "tcpmss", *_bang(m["inv"]), "--mss", m["range"]],
        ),
        (
            r"TTL match TTL (?P<op>==|!=|<|>) ?(?P<value>\d+)",
            lambda m: [
                *("-m", "ttl", *_bang(m["op"] == "!=")),
                {"==": "--ttl-eq", "!=": "--ttl-eq", "<": "--ttl-lt", ">": "--ttl-gt"}[m["op"]],
                m["value"],
            ],
        ),
        (
            r"(?P<inv>! )?recent: (?P<mode>SET|CHECK|UPDATE|REMOVE)(?: seconds: (?P<seconds>\d+))?(?P<reap> reap)?"
            r"(?: hit_count: (?P<hits>\d+))?(?P<ttl> TTL-Match)? name: (?P<name>\S+) side: (?P<side>source|dest)"
            r"(?: mask: (?P<mask>\S+))?",
            _recent,
        ),
        (
            r"(?P<inv>! )?match-set (?P<name>\S+) (?P<dirs>[a-z,]+)(?P<nomatch> return-nomatch)?"
            r"(?P<more>(?: ! update-(?:sub)?counters)*(?:(?: !)? (?:packets|bytes)-(?:eq|lt|gt) \d+)*)",
            lambda m: [
                *("-m", "set", *_bang(m["inv"]), "--match-set", m["name"], m["dirs"]),
                *(["--return-nomatch"] if m["nomatch"] else []),
                *(word if word == "!" or word.isdigit() else f"--{word}" for word in m["more"].split()),
            ],
        ),
    )
)
"""What each match prints in a listing, and the words it came from."""

_PLAIN: Final = r"(?P<flags>(?: (?:random|random-fully|persistent))*)"


def _nat(option: str) -> WordsOf:
    return lambda m: [
        *([option, m["to"]] if m["to"] else []),
        *(f"--{flag}" for flag in m["flags"].split()),
    ]


def _mark(m: re.Match[str]) -> list[str]:
    verb = {"and": "--and-mark", "or": "--or-mark", "xor": "--xor-mark", "set": "--set-xmark"}
    if m["verb"] == "xset":
        return ["--set-xmark", m["value"]]
    if m["verb"] == "set":
        return ["--set-xmark", f"{m['value']}/0xffffffff"]
    return [verb[m["verb"]], m["value"]]


def _connmark(m: re.Match[str]) -> list[str]:
    if m["mode"] is None:
        return _mark(m)
    words = [f"--{m['mode']}-mark"]
    words += ["--mask", m["mask"]] if m["mask"] else []
    words += ["--nfmask", m["nf"], "--ctmask", m["ct"]] if m["nf"] else []
    return words + (["--nfmask", m["nf2"], "--ctmask", m["ct2"]] if m["nf2"] else [])


def _log(m: re.Match[str]) -> list[str]:
    words: list[str] = []
    names = {"err": "error", "warn": "warning"}
    if m["bits"] is not None:
        flags = {1: "tcp-sequence", 2: "tcp-options", 4: "ip-options", 8: "uid", 32: "macdecode"}
        words = [f"--log-{name}" for bit, name in flags.items() if int(m["bits"]) & bit]
    words += [f"--log-{name}" for name in (m["names"] or "").split()]
    words += ["--log-level", names.get(m["level"], m["level"])]
    return words + (["--log-prefix", m["prefix"]] if m["prefix"] else [])


def _nflog(m: re.Match[str]) -> list[str]:
    words: list[str] = []
    for name, quoted, bare in re.findall(r'nflog-(\w+) (?:"((?:[^"\\]|\\.)*)"|(\S+))', m[0]):
        words += [f"--nflog-{name}", re.sub(r"\\(.)", r"\1", quoted) if quoted else bare]
    return words


TARGETS: Final[dict[str, tuple[re.Pattern[str], WordsOf]]] = {
    name: (re.compile(pattern), words)
    for name, pattern, words in (
        (
            "REJECT",
            r"(?:reject-with (?P<kind>\S+))?",
            lambda m: ["--reject-with", m["kind"]] if m["kind"] else [],
        ),
        ("DNAT", r"to:(?P<to>\S+)" + _PLAIN, _nat("--to-destination")),
        ("SNAT", r"to:(?P<to>\S+)" + _PLAIN, _nat("--to-source")),
        ("NETMAP", r"to:(?P<to>\S+)(?P<flags>)", _nat("--to")),
        (
            "MASQUERADE",
            r"(?:masq ports: (?P<to>\S+))? ?(?P<flags>(?:random(?:-fully)? ?)*)",
            _nat("--to-ports"),
        ),
        ("REDIRECT", r"(?:redir ports (?P<to>\S+))? ?(?P<flags>(?:random)?)", _nat("--to-ports")),
        ("MARK", r"MARK (?P<verb>and|or|xor|set|xset) (?P<value>\S+)", _mark),
        (
            "CONNMARK",
            r"CONNMARK (?:(?P<verb>and|or|xor|set|xset) (?P<value>\S+)|(?P<mode>save|restore)(?: mask (?P<mask>\S+))?"
            r"(?: nfmask (?P<nf>\S+) ctmask ~(?P<ct>\S+))?(?: ctmask (?P<ct2>\S+) nfmask ~(?P<nf2>\S+))?)",
            _connmark,
        ),
        ("CT", r"(?P<what>CT notrack|CT|NOTRACK)", lambda m: ["--notrack"] if "notrack" in m["what"] else []),
        (
            "TCPMSS",
            r"TCPMSS (?:clamp to PMTU|set (?P<mss>\d+))",
            lambda m: ["--set-mss", m["mss"]] if m["mss"] else ["--clamp-mss-to-pmtu"],
        ),
        (
            "LOG",
            r"LOG(?: flags (?P<bits>\d+))? level (?P<level>\w+)(?P<names>(?: (?:tcp-sequence|tcp-options|ip-options|uid"
            r"|macdecode))*)(?: prefix [\"`](?P<prefix>.*)[\"'])?",
            _log,
        ),
        ("NFLOG", r"(?: ?nflog-\w+ (?:\"(?:[^\"\\]|\\.)*\"|\S+))*", _nflog),
        (
            "TTL",
            r"TTL (?P<how>set to|increment by|decrement by) (?P<value>\d+)",
            lambda m: [f"--ttl-{m['how'][:3]}", m["value"]],
        ),
    )
}
"""What each target prints in a listing, and its options."""


def match_words(text: str) -> tuple[list[str], str]:
    """The words of the matches at the start of a text, and what is left of it.

    >>> match_words("tcp dpt:80 ctstate NEW to:10.0.0.1:80")
    (['-m', 'tcp', '--dport', '80', '-m', 'conntrack', '--ctstate', 'NEW'], 'to:10.0.0.1:80')
    """
    words: list[str] = []
    rest = text
    while rest:
        for pattern, make in MATCHES:
            found = pattern.match(rest)
            if found:
                words += make(found)
                rest = rest[found.end() :].lstrip(" ")
                break
        else:
            break
    return words, rest
