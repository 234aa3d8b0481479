# A router namespace with a bridge of its own: bridged and routed traffic, DNAT back to the same bridge.
ip netns add r
ip netns exec r sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n r link set lo up
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
ip -n r link add br0 address 02:00:00:00:0b:00 type bridge mcast_snooping 0
ip -n r addr add 10.0.0.1/24 dev br0
ip -n r link set br0 up
ip link add eth0 address 02:00:00:00:01:01 type veth peer name p1 netns r address 02:00:00:00:01:02
ip -n r link set p1 master br0 up
ip addr add 10.0.0.10/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.0.1
ip netns add h
ip netns exec h sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n h link set lo up
ip link add p2 netns r address 02:00:00:00:02:02 type veth peer name eth0 netns h address 02:00:00:00:02:01
ip -n r link set p2 master br0 up
ip -n h addr add 10.0.0.20/24 dev eth0
ip -n h link set eth0 up
ip -n r addr add 192.0.2.1/32 dev lo
ip netns exec r iptables -A FORWARD -m physdev --physdev-in p1 --physdev-out p2 -p icmp -m icmp --icmp-type 8 -j LOG --log-prefix "r br "
ip netns exec r iptables -A INPUT -m mac --mac-source 02:00:00:00:01:01 -j LOG --log-prefix "r in "
ip netns exec r iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -m physdev --physdev-is-bridged
ip netns exec r iptables -t nat -A PREROUTING -d 192.0.2.1 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.20:8080
ip netns exec r iptables -t nat -A POSTROUTING -d 10.0.0.20 -p tcp --dport 8080 -j MASQUERADE
ip netns exec r iptables -t raw -A PREROUTING -j TRACE
ip netns exec h nc -l 8080 > /dev/null &
sleep 0.3
ping -c 1 10.0.0.20
ping -c 1 192.0.2.1
echo hi | nc -N -w 2 192.0.2.1 80
sleep 0.3
ip netns exec r sysctl net.bridge.bridge-nf-call-iptables
ip netns exec r iptables -nvL
ip netns exec r iptables -t nat -nvL
ip netns exec r conntrack -L
ip netns exec r bridge fdb show br br0
ip -n r neigh
ip neigh
