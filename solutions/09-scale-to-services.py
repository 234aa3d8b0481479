"""Solutions of notebook 09: from here tools/exercises.py writes its exercises and their folded answers."""

import base64
import hashlib

from netlab import teach

# %% chain-of-a-service
digest = hashlib.sha256(b"default/kubernetes:https" + b"tcp").digest()
teach.check("chain-of-a-service", "KUBE-SVC-" + base64.b32encode(digest)[:16].decode())

# %% coins-all-alike
teach.check("coins-all-alike", 100 * 2 / 3 * 2 / 3)

# %% [markdown]
# The second pod gets 2/9, the last 4/9, twice as much.

# %% service-by-hand
rules = """
iptables -t nat -N SERVICE
iptables -t nat -A SERVICE -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.244.0.2:8080
iptables -t nat -A SERVICE -p tcp -j DNAT --to-destination 10.244.0.3:8080
iptables -t nat -A PREROUTING -d 10.96.0.50 -p tcp --dport 80 -j SERVICE
iptables -t nat -A OUTPUT -d 10.96.0.50 -p tcp --dport 80 -j SERVICE
"""
teach.check("service-by-hand", rules)

# %% [markdown]
# A chain of one's own, and two jumps to it: as kube-proxy does it. `-p tcp` stands in the DNAT rules too, because
# iptables allows a port there only beside a protocol.

# %% one-rule-costs
more_time = 1000 * (14.6 - 4.0)
more_rules = (4545 - 47) / 2
teach.check("one-rule-costs", more_time / more_rules)

# %% [markdown]
# Some five nanoseconds.
