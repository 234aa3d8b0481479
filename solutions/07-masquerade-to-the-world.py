"""Solutions of notebook 07: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% routers-on-the-way
teach.check("routers-on-the-way", 64 - 57)

# %% [markdown]
# Linux writes 64. The first line is printed before the author's host routes the packet; what `ping` in the
# container prints has been lowered once more, by that host.

# %% write-masquerade
rule = "iptables -t nat -A POSTROUTING -s 172.18.0.0/16 ! -o br0 -j MASQUERADE"
teach.check("write-masquerade", rule)

# %% [markdown]
# `-s` spares the office, `! -o br0` (or `-o eth0`) the neighbours on the bridge.
