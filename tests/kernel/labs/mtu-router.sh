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
# small MTU on the middle link: DF set and not, locally and forwarded, with conntrack defragmenting
ip -n r link set eth1 mtu 576; ip -n srv link set eth0 mtu 576
ip netns exec r iptables -A FORWARD -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j LOG --log-prefix "r:fwd "
ip netns exec r iptables -A OUTPUT -p icmp -j LOG --log-prefix "r:out "
ip netns exec r iptables -t mangle -A POSTROUTING -j LOG --log-prefix "r:post "
ping -c 1 -s 1000 -W 1 10.0.2.2
ping -c 1 -s 1000 -M do -W 1 10.0.2.2
ping -c 1 -s 1000 -M dont -W 1 10.0.2.2
ping -c 1 -s 1000 -M want -W 1 10.0.2.2
ip route get 10.0.2.2 | head -1
ip -n srv link set eth0 mtu 1500
ip netns exec srv ping -c 1 -s 2000 -W 1 -M do 10.0.1.1
ping -c 1 -s 1473 -M do 10.0.1.2
ping -c 1 -s 1472 -M do 10.0.1.2
ip netns exec r iptables -t mangle -nvL POSTROUTING
ip netns exec r iptables -nvL OUTPUT
