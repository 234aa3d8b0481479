"""Solutions of notebook 02: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% by-hand
commands = """
ip netns add c3
ip link add cable3 type veth peer name eth0 netns c3
ip link set cable3 master docker0
ip link set cable3 up
ip -n c3 addr add 192.168.0.4/20 dev eth0
ip -n c3 link set eth0 up
ip -n c3 route add default via 192.168.0.1
"""
teach.check("by-hand", commands)

# %% jumps-to-docker
teach.check("jumps-to-docker", ("PREROUTING", "OUTPUT"))

# %% trace-requests
teach.check("trace-requests", "iptables -t raw -A PREROUTING -p icmp --icmp-type echo-request -j TRACE")
