"""Solutions of notebook 03: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% copies-of-a-flood
teach.check("copies-of-a-flood", 1 + 9 * 2)

# %% [markdown]
# PREROUTING comes before the decision: one line. Then nine ports get a copy, and each copy passes FORWARD and
# POSTROUTING.

# %% keep-the-port
teach.check("keep-the-port", "bridge fdb add 02:42:0a:00:00:02 dev port2 master static")

# %% four-addresses
teach.check("four-addresses", "0b 0a 0b 99")
