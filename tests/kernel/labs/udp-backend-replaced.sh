ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 1 2 3; do
  ip netns add c$i
  ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1))
  ip link set veth$i master docker0 up
  ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip -n c$i link set lo up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0
  ip -n c$i route add default via 172.17.0.1
done
ip netns add out
ip link add eth1 type veth peer name eth0 netns out
ip addr add 192.168.50.1/24 dev eth1
ip link set eth1 up
ip -n out link set eth0 up
ip -n out link set lo up
ip -n out addr add 192.168.50.2/24 dev eth0
# udp service whose backend is replaced: the old conntrack entry blackholes
iptables -t nat -N SVC
iptables -t nat -A PREROUTING -d 10.96.0.10 -j SVC
iptables -t nat -A OUTPUT -d 10.96.0.10 -j SVC
iptables -t nat -A SVC -p udp --dport 53 -j DNAT --to-destination 172.17.0.2:53
ip route add 10.96.0.0/16 dev docker0
ip netns exec c1 nc -u -l 53 > /tmp/x03a &
sleep 0.3
echo q1 | ip netns exec c3 nc -u -w 1 -p 5353 10.96.0.10 53
ip netns del c1
iptables -t nat -R SVC 1 -p udp --dport 53 -j DNAT --to-destination 172.17.0.3:53
ip netns exec c2 nc -u -l 53 > /tmp/x03b &
sleep 0.3
iptables -t raw -A PREROUTING -p udp -j TRACE
echo q2 | ip netns exec c3 nc -u -w 1 -p 5353 10.96.0.10 53
conntrack -L -p udp
conntrack -D -p udp --reply-src 172.17.0.2
echo q3 | ip netns exec c3 nc -u -w 1 -p 5353 10.96.0.10 53
sleep 0.3
cat /tmp/x03a /tmp/x03b
conntrack -L -p udp
iptables -t nat -nvL SVC
