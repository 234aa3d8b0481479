ip link add br0 address 02:00:00:00:00:fe type bridge
ip addr add 10.1.0.254/24 dev br0
ip link set br0 up
ip netns add a
ip netns exec a sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
ip link add va address 02:00:00:00:ff:01 type veth peer name eth0 netns a address 02:00:00:00:00:01
ip link set va master br0 up
ip -n a link set lo up
ip -n a link set eth0 up
ip -n a addr add 10.1.0.1/24 dev eth0
ip -n a route add default via 10.1.0.254
sleep 1.2
iptables -A OUTPUT -p icmp -j LOG --log-prefix "out "
ebtables -A OUTPUT --log --log-ip --log-arp --log-prefix eo -j CONTINUE
ping -c 1 10.1.0.1
sleep 3
ip link set va down
ip neigh
ip route get 10.1.0.1
ping -c 1 -W 4 10.1.0.1
ip neigh
ip -br link show br0
ip -br addr show br0
ip -n a link set eth0 up
ip -n a neigh
ip -n a route
ip netns exec a ping -c 1 -W 1 10.1.0.254
ip link set va up
ip -n a route
ip route
sleep 1.5
ping -c 1 -W 2 10.1.0.1
ip neigh
ebtables -L OUTPUT --Lc
iptables -nvL OUTPUT
