"""Solutions of notebook 01: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% who-sent-the-frame
teach.check("who-sent-the-frame", "00:2a:6a:aa:12:7c")

# %% rules-in-chain
teach.check("rules-in-chain", (1, 0))

# %% rules-from-lines
commands = """
iptables -N GUARD
iptables -A INPUT -p tcp -j ACCEPT
iptables -A INPUT -j GUARD
"""
teach.check("rules-from-lines", commands)

# %% [markdown]
# INPUT's policy stands at place 3, so INPUT has two rules. Rule 1 was silent: it does not fit a ping. GUARD ends at place
# 1: it is empty (or has a bare RETURN, which prints the same).

# %% packets-in-log
teach.check("packets-in-log", 9)
