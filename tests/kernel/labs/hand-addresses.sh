quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
# Addresses in all their forms: peers, labels, scopes, secondaries and what their loss does.
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip addr add 10.1.0.1/24 brd + dev v0; ip addr add 10.1.0.2/24 dev v0 label v0:1; ip addr add 10.1.0.3/32 dev v0
ip addr add 10.2.0.1 peer 10.2.0.9/30 dev v0; ip addr add 10.3.0.1/16 scope link dev v0; ip addr add 10.4.0.1/24 brd 10.4.0.77 dev v0
ip addr add 10.5.0.1/31 dev v0; ip addr add 127.5.0.1/8 dev v0; ip addr add 10.1.0.4/24 brd - dev v0
ip addr show v0; ip -o addr show v0; ip -br addr
ip link set v0 up; ip link set v1 up; sleep 0.3
ip -4 addr show v0; ip -o -4 addr; ip -br addr; ip -br link; ip link; ip -o link show v1
ip route show; ip route show table local; ip route show table all | head -40
ip addr show to 10.1.0.0/24; ip addr show label 'v0:*'; ip addr show scope link; ip addr show up; ip addr show secondary; ip addr show primary dev v0
ip addr del 10.1.0.1/24 dev v0; ip -br addr show v0; ip route
ip addr add 10.6.0.1/24 dev v0; ip addr add 10.6.0.2/24 dev v0; ip addr del 10.6.0.1/24 dev v0; ip -4 addr show v0 | grep 10.6; ip route | grep 10.6
ip addr flush dev v0 scope link; ip -br addr show v0
ip addr flush dev v0; ip -br addr show v0; ip route; ip route show table local
