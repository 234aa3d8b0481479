quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
# Dummy devices: what goes in is gone; routes through them, and their counters.
ip link add d0 address 02:dd:00:00:00:01 type dummy; ip addr add 10.7.0.1/24 dev d0; ip link set d0 up
ip link add d1 type dummy; ip link set d1 address 02:dd:00:00:00:02
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE

iptables -A OUTPUT -o d+ -j LOG --log-prefix "out "
ping -c 1 -W 1 10.7.0.2
ping -c 1 -W 1 10.7.0.1
ip route add 10.8.0.0/16 dev d1; echo $?
ip link set d1 up; ip route add 10.8.0.0/16 dev d1; echo $?
ping -c 1 -W 1 10.8.1.1
ping -b -c 1 -W 1 10.7.0.255
nc -w 2 -z -v 10.7.0.9 80; echo $?
ip link show d0; ip -o link show d1; ip -br link show type dummy
ip addr show d0; ip -br -4 addr
ip neigh; ip route; ip route get 10.8.0.9; ip route get 10.7.0.255
ip link del d0; ip route
ip addr
