ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# arp failure seen by the host and by a container
iptables -A OUTPUT -j LOG --log-prefix "out "
iptables -A INPUT -p icmp -j LOG --log-prefix "in "
iptables -A FORWARD -j LOG --log-prefix "fwd "
ebtables -A OUTPUT -p arp --log-arp --log-prefix "eb-out"
ping -c 1 -W 4 172.17.0.200
ping -c 2 -W 5 172.17.0.200
ip netns exec c2 ping -c 1 -W 5 172.17.0.201
ip link add br1 type bridge mcast_snooping 0; ip addr add 10.2.0.1/24 dev br1; ip link set br1 up
ip netns exec c2 ping -c 1 -W 5 10.2.0.5
ip link add dm type dummy; ip addr add 10.3.0.1/24 dev dm; ip link set dm up
ip netns exec c2 ping -c 1 -W 1 10.3.0.5
ip neigh
ip -n c2 neigh
ebtables -L OUTPUT --Lc
