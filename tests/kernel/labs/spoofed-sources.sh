# host --(10.0.1.0/24)-- r --(10.0.2.0/24)-- srv
ip netns add r; ip netns add srv
for n in r srv; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 address 02:00:00:00:01:01 type veth peer name eth0 netns r address 02:00:00:00:01:02
ip addr add 10.0.1.1/24 dev eth0; ip link set eth0 up
ip -n r addr add 10.0.1.2/24 dev eth0; ip -n r link set eth0 up; ip -n r link set lo up
ip -n r link add eth1 address 02:00:00:00:02:01 type veth peer name eth0 netns srv address 02:00:00:00:02:02
ip -n r addr add 10.0.2.1/24 dev eth1; ip -n r link set eth1 up
ip -n srv addr add 10.0.2.2/24 dev eth0; ip -n srv link set eth0 up; ip -n srv link set lo up
ip -n srv route add default via 10.0.2.1
ip route add 10.0.2.0/24 via 10.0.1.2
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
# rp_filter strict and loose in the middle, martians, spoofed by SNAT in a namespace
ip netns exec r sysctl -w net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1
ip netns exec r sysctl -qw net.ipv4.conf.all.log_martians=1
ip netns exec r iptables -t raw -A PREROUTING -j LOG --log-prefix "r:raw "
ip netns exec r iptables -A FORWARD -j LOG --log-prefix "r:fwd "
iptables -t nat -A POSTROUTING -p icmp -s 10.0.1.1 -j SNAT --to-source 192.0.2.1
ping -c 1 -W 1 10.0.2.2
iptables -t nat -R POSTROUTING 1 -p icmp -j SNAT --to-source 10.0.2.99
ping -c 1 -W 1 10.0.2.2
iptables -t nat -R POSTROUTING 1 -p icmp -j SNAT --to-source 10.0.1.2
ping -c 1 -W 1 10.0.2.2
iptables -t nat -R POSTROUTING 1 -p icmp -j SNAT --to-source 127.0.0.5
ping -c 1 -W 1 10.0.2.2
iptables -t nat -R POSTROUTING 1 -p icmp -j SNAT --to-source 224.0.0.9
ping -c 1 -W 1 10.0.2.2
iptables -t nat -R POSTROUTING 1 -p icmp -j SNAT --to-source 255.255.255.255
ping -c 1 -W 1 10.0.2.2
ip netns exec r sysctl -w net.ipv4.conf.all.rp_filter=2
ip netns exec r ip route add default via 10.0.1.1
iptables -t nat -R POSTROUTING 1 -p icmp -j SNAT --to-source 192.0.2.1
ping -c 1 -W 1 10.0.2.2
ip route add 127.9.0.0/16 via 10.0.1.2 ; ping -c 1 -W 1 127.9.0.1
ip route add 0.0.0.0/8 via 10.0.1.2 ; ping -c 1 -W 1 0.1.2.3
ip route add 240.0.0.0/4 via 10.0.1.2; ping -c 1 -W 1 240.1.2.3
