ip netns add a; ip netns exec a sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
ip link add br0 address 02:00:00:00:00:fe type bridge
ip addr add 10.1.0.254/24 dev br0
ip link set br0 up
ip link add va address 02:00:00:00:ff:01 type veth peer name eth0 netns a address 02:00:00:00:00:01
ip link set va master br0 up
ip -n a link set lo up
ip -n a link set eth0 up
ip -n a addr add 10.1.0.1/24 dev eth0
sleep 2
ip neigh show nud all
ip neigh show nud noarp
ping -c 1 10.1.0.1 >/dev/null
ping -b -c 1 -W 1 10.1.0.255 >/dev/null 2>&1
ip neigh show nud all
ip -n a neigh show nud all
ip -n a link set eth0 arp off
ip -n a neigh show nud all
ip -n a link set eth0 arp on
ip -n a neigh show nud all
ping -c 1 10.1.0.1 >/dev/null
ip link set br0 arp off
ip neigh show nud all
ping -c 1 -W 1 10.1.0.1 >/dev/null
ip neigh show nud all
ip link show br0
ip link set br0 arp on
ip neigh show nud all
ip neigh flush nud all
ip neigh show nud all
ip neigh flush nud noarp
ip neigh show nud all
ip link add br1 type bridge
ip link set va down
ip link set va master br1
ip link set br0 netns a
ip link set br1 netns a
bridge link
ip link set lo netns a
ping -c 1 127.0.0.1 >/dev/null
ip neigh show nud all
