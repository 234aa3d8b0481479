"""Solutions of notebook 04: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% lines-of-the-ping
teach.check("lines-of-the-ping", (10, 10))

# %% one-way
new = "-s 192.168.0.3 -d 192.168.0.2 -m conntrack --ctstate NEW"
teach.check("one-way", f"iptables -I DOCKER-USER {new} -j DROP")
