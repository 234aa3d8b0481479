"""Solutions of notebook 05: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% forget-now
teach.check("forget-now", "conntrack -D -s 192.168.0.2 -d 192.168.0.3")

# %% quick-and-slow
teach.check("quick-and-slow", (1, 4))
