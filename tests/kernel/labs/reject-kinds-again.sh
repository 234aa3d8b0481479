ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
for k in net host proto port; do iptables -A INPUT -s 172.17.0.2 -p icmp -m length --length 84 -j REJECT --reject-with icmp-$k-unreachable; ip netns exec c1 ping -c 1 -W 1 172.17.0.1 | grep From; iptables -F INPUT; done
iptables -A INPUT -p icmp -j REJECT --reject-with icmp-net-prohibited
iptables -A FORWARD -p icmp -j REJECT --reject-with icmp-host-prohibited
ip netns exec c1 ping -c 1 -W 1 172.17.0.1
ip netns exec c1 ping -c 1 -W 1 172.17.0.3
iptables -A OUTPUT -d 172.17.0.3 -j REJECT
ping -c 1 -W 1 172.17.0.3
echo x | nc -u -w 1 172.17.0.3 9; echo $?
nc -vz -w 1 172.17.0.3 9; echo $?
iptables -nvL
