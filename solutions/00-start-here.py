"""Solution of notebook 00: from here tools/exercises.py writes its exercise and the folded answer."""

from netlab import teach

# %% stop-the-ping
teach.check("stop-the-ping", "iptables -I FORWARD -p icmp -j DROP")

# %% [markdown]
# Both what is to stop and the call to port 80 pass FORWARD, and `-p icmp` tells them apart. Rule 6 there accepts, so the
# new rule has to stand in front: `-I`.
