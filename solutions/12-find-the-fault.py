"""Solutions of notebook 12: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% missing-accept
repair = "iptables -A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"
teach.check("missing-accept", repair)

# %% [markdown]
# The request leaves by `eth0`; the answer comes in by `eth0`, and in FORWARD both rules ask for `-i br0`, so
# the policy drops it. What tells an answer from a call is conntrack.

# %% shadowed-dnat
repair = "iptables -t nat -I PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80"
teach.check("shadowed-dnat", repair)

# %% [markdown]
# Every condition of rule 2 holds, but rule 1 fits 8080 as well and comes first: it sends the call to `c2`,
# where nobody listens on 8080. The special rule has to stand before the general one.

# %% masquerade-astray
repair = "iptables -t nat -R POSTROUTING 1 -s 172.18.0.0/16 ! -o br0 -j MASQUERADE"
teach.check("masquerade-astray", repair)

# %% [markdown]
# The rule says `-o br0` where it should say `! -o br0`. What leaves by `eth0` keeps 172.18.0.2, and `out`
# cannot answer it. What stays on the bridge passes IPv4's POSTROUTING too, because of br_netfilter, and *is*
# masqueraded.

# %% bridge-calls-nobody
repair = "sysctl -w net.bridge.bridge-nf-call-iptables=1"
teach.check("bridge-calls-nobody", repair)

# %% [markdown]
# The request is addressed to the bridge's own MAC, is passed up, and meets DNAT. The answer goes from `c2` to
# `c1` within the bridge, and with bridge-nf-call-iptables off no IPv4 hook sees it: nobody gives it back the
# name 10.96.0.10. `c1` never called 172.18.0.3, so it resets.

# %% full-disk
flag = "--eviction-hard=nodefs.available<10%,memory.available<100Mi,nodefs.inodesFree<5%"
teach.check("full-disk", flag)

# %% [markdown]
# `<10` means ten bytes; the percent sign is missing. 5% and 1Gi are the same amount here, and a little too
# late: the manager looks every ten seconds, and by then up to 40 MiB more are written.

# %% flapping-condition
teach.check("flapping-condition", "5m")

# %% [markdown]
# Between two jobs the disk is well for two minutes. The period has to be longer than that, and not so long
# that the node sulks when all is over.
