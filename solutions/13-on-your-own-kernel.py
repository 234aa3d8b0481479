"""Solutions of notebook 13: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% how-many-lines
teach.check("how-many-lines", 2 * (3 + 1))

# %% [markdown]
# The first packet of a connection meets raw and nat in PREROUTING, and nat in POSTROUTING. Its answer meets raw
# alone. There are two such pairs.

# %% narrow-trace
rules = """
iptables -t raw -A PREROUTING -p icmp -d 192.0.2.9 -j TRACE
iptables -t raw -A PREROUTING -p icmp -s 192.0.2.9 -j TRACE
"""
teach.check("narrow-trace", rules)

# %% trace-ids
teach.check("trace-ids", ("e1733f86", "3742a617"))

# %% [markdown]
# Both lines say DST=192.0.2.9 and ID=9474, and one of them OUT=eth0: the packet is leaving.
