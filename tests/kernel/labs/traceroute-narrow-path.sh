# traceroute -F where the path is known to be narrow: its probes go out whole, and the narrow hop answers !F.
ip netns add h1; ip netns add h2
for n in h1 h2; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
ip link add e1 address 02:00:00:00:01:01 type veth peer name eth0 netns h1 address 02:00:00:00:01:02
ip link add e2 address 02:00:00:00:02:01 type veth peer name eth0 netns h2 address 02:00:00:00:02:02
ip addr add 10.0.1.1/24 dev e1; ip addr add 10.0.2.1/24 dev e2
ip link set e1 up; ip link set e2 up
for n in h1 h2; do ip -n $n link set lo up; ip -n $n link set eth0 up; done
ip -n h1 addr add 10.0.1.2/24 dev eth0; ip -n h2 addr add 10.0.2.2/24 dev eth0
ip -n h1 route add default via 10.0.1.1; ip -n h2 route add default via 10.0.2.1
ip link set e1 mtu 600
iptables -t raw -A PREROUTING -j LOG --log-prefix "P "
ip netns exec h2 ping -c 1 -s 1200 -M do 10.0.1.2; echo rc $?
ip netns exec h2 traceroute -n -q 1 -N 1 -F 10.0.1.2 1400
ip netns exec h2 ip route show cache | sed 's/expires [0-9]*sec/expires N/'
ip netns exec h2 traceroute -n -q 1 -N 1 -F -I 10.0.1.2 1400
ip netns exec h2 traceroute -n -q 1 -N 1 -F 10.0.1.2 500
ip netns exec h2 ping -c 1 -s 1200 -M probe 10.0.1.2; echo rc $?
ip netns exec h2 ip route flush cache
ip netns exec h2 ip route show cache
iptables -t raw -nvL
conntrack -L
