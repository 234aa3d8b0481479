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
ip netns add c
ip netns exec c sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
ip link add vc address 02:00:00:00:ff:03 type veth peer name eth0 netns c address 02:00:00:00:00:03
ip link set vc master br0 up
ip -n c link set lo up
ip -n c link set eth0 up
ip -n c addr add 10.1.0.3/24 dev eth0
ip -n c route add default via 10.1.0.254
ip netns exec a ping -c 1 10.1.0.3
ip -n b link set eth0 address 02:00:00:00:00:01
ip netns exec b ping -c 1 -W 1 10.1.0.3
bridge fdb show br br0 | grep -v self
ip netns exec a ping -c 1 -W 1 10.1.0.3
ip -n c neigh | sort
bridge fdb show br br0 | grep -v self
ip -n b link set eth0 address 02:00:00:00:ff:03
ip netns exec b ping -c 1 -W 1 10.1.0.3
bridge fdb show br br0 | grep -v self
ip -n b link set eth0 address 02:00:00:00:00:fe
ip netns exec b ping -c 1 -W 1 10.1.0.3
bridge fdb show br br0 | grep -v self
ip -n b link set eth0 address 03:00:00:00:00:01
ip -n b link show eth0
ip link set vb address 02:00:00:00:00:01
ip netns exec a ping -c 1 -W 1 10.1.0.3
bridge fdb show br br0 | grep -v self
