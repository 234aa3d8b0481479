ip link add docker0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
iptables -t raw -A PREROUTING -j TRACE
iptables -t raw -A OUTPUT -j TRACE
iptables -A FORWARD -j ACCEPT
ebtables -A OUTPUT --log-level 6 --log-ip --log-prefix "eb-out" -j ACCEPT
ip netns exec c1 ping -c 1 172.17.0.1
iptables -nvL | grep -v '^$'
sleep 2
iptables -nvL | grep policy
iptables -nvL -t raw
sleep 12
iptables -nvL -t raw
ebtables -L --Lc
ip netns exec c1 iptables -nvL
