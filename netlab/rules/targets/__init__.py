"""The targets of iptables, a frozen class each."""

from typing import Final

from netlab.rules.options import Extension
from netlab.rules.targets import log, mangle, nat, reject
from netlab.rules.targets.base import ACCEPT, DROP, RETURN, Goto, Jump, Target, Verdict
from netlab.rules.targets.log import Log, Nflog, Trace
from netlab.rules.targets.mangle import Connmark, Ct, Mark, Tcpmss, Ttl
from netlab.rules.targets.nat import Dnat, Masquerade, Netmap, Redirect, Snat
from netlab.rules.targets.reject import Reject

EXTENSIONS: Final[dict[str, Extension]] = {
    extension.name: extension
    for extension in (
        reject.REJECT,
        log.LOG,
        log.NFLOG,
        log.TRACE,
        mangle.MARK,
        mangle.CONNMARK,
        mangle.CT,
        mangle.NOTRACK,
        mangle.TCPMSS,
        mangle.TTL,
        nat.DNAT,
        nat.SNAT,
        nat.MASQUERADE,
        nat.REDIRECT,
        nat.NETMAP,
    )
}
"""What ``-j`` can name, besides the verdicts and chains."""

VERDICTS: Final[dict[str, Verdict]] = {v.name: v for v in (ACCEPT, DROP, RETURN)}

UNMODELLED: Final = frozenset(
    {
        "AUDIT",
        "CHECKSUM",
        "CLASSIFY",
        "CLUSTERIP",
        "CONNSECMARK",
        "DSCP",
        "ECN",
        "HMARK",
        "IDLETIMER",
        "LED",
        "NFQUEUE",
        "QUEUE",
        "RATEEST",
        "SECMARK",
        "SET",
        "SYNPROXY",
        "TCPOPTSTRIP",
        "TEE",
        "TOS",
        "TPROXY",
        "ULOG",
    }
)
"""Targets of iptables 1.8.9 that are real and not modelled."""

__all__ = [
    "ACCEPT",
    "DROP",
    "EXTENSIONS",
    "RETURN",
    "UNMODELLED",
    "VERDICTS",
    "Connmark",
    "Ct",
    "Dnat",
    "Goto",
    "Jump",
    "Log",
    "Mark",
    "Masquerade",
    "Netmap",
    "Nflog",
    "Redirect",
    "Reject",
    "Snat",
    "Target",
    "Tcpmss",
    "Trace",
    "Ttl",
    "Verdict",
]
