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
ip netns add b
ip netns exec b sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
ip link add vb address 02:00:00:00:ff:02 type veth peer name eth0 netns b address 02:00:00:00:00:02
ip link set vb master br0 up
ip -n b link set lo up
ip -n b link set eth0 up
ip -n b addr add 10.1.0.2/24 dev eth0
ip -n b route add default via 10.1.0.254
sleep 1.2
ebtables -A FORWARD -p arp --arp-op 1 --log --log-arp --log-prefix q -j CONTINUE
ebtables -A OUTPUT -p arp --arp-op 1 --log --log-arp --log-prefix o -j CONTINUE
ip netns exec a nc -w 6 10.1.0.77 80
ip -n a neigh
sleep 4.5
ip -n a neigh
nc -w 6 10.1.0.78 80
sleep 1.5
ip neigh
ip netns exec a nc -w 2 10.1.0.79 80
ip -n a neigh
echo x | ip netns exec a nc -u -w 1 10.1.0.80 53
sleep 3.5
ip -n a neigh
ebtables -L --Lc
