ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -A INPUT -p icmp -m limit --limit 2/s --limit-burst 3 -j ACCEPT
iptables -A INPUT -p icmp -j DROP
ip netns exec c1 ping -c 8 -i 0.2 -W 1 172.17.0.1
iptables -nvL INPUT
iptables -F INPUT
iptables -A INPUT -p icmp -m statistic --mode nth --every 3 --packet 1 -j DROP
ip netns exec c1 ping -c 7 -i 0.2 -W 1 172.17.0.1
iptables -vnL INPUT
iptables -S INPUT
