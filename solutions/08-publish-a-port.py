"""Solutions of notebook 08: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% publish-by-hand
rules = """
iptables -t nat -A PREROUTING -d 192.0.2.1 -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
iptables -A FORWARD -d 172.18.0.2 -p tcp --dport 80 -j ACCEPT
"""
teach.check("publish-by-hand", rules)

# %% [markdown]
# Docker asks `-m addrtype --dst-type LOCAL` in the place of `-d 192.0.2.1`, so that it holds for every address of
# the host.

# %% source-of-each
teach.check("source-of-each", ("172.17.0.1", "172.17.0.2", "172.17.0.1"))

# %% [markdown]
# Rule 1 is for what the host itself sends into `docker0`, whichever address it wrote. No rule is about `c2`. Rule 3
# is for a packet from `web` to `web`.

# %% guard-the-port
rule = "iptables -I DOCKER-USER -i eth0 ! -s 192.0.2.9 -p tcp -m conntrack --ctorigdstport 8080 -j DROP"
teach.check("guard-the-port", rule)

# %% [markdown]
# `-I`, since the chain ends in RETURN. `--ctorigdstport`, since the packet has port 80 by now, and so has the shop's.
# `-i eth0`, since the answers belong to the same connections, and so do calls of `web` to port 8080 elsewhere.
