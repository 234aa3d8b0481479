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
# conntrack -E in its flavours
iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE
iptables -A FORWARD -p udp --dport 99 -j DROP
conntrack -E -p udp > /tmp/e1 2>/dev/null &
conntrack -E -e NEW,DESTROY -p tcp > /tmp/e2 2>/dev/null &
conntrack -E -e UPDATE -o extended > /tmp/e3 2>/dev/null &
conntrack -E -s 172.17.0.2 -p icmp > /tmp/e4 2>/dev/null &
sysctl -w net.netfilter.nf_conntrack_icmp_timeout=1
sleep 0.5
ip netns exec out nc -lk 80 > /dev/null &
ip netns exec out nc -ul 53 > /dev/null &
sleep 0.3
ip netns exec c1 ping -c 1 192.168.50.2
ip netns exec c2 ping -c 1 192.168.50.2
echo 1 | ip netns exec c1 nc -N 192.168.50.2 80
ip netns exec c1 nc -z -w 1 192.168.50.2 81
echo 1 | ip netns exec c1 nc -u -w 1 192.168.50.2 53
echo 1 | ip netns exec c1 nc -u -w 1 192.168.50.2 99
sleep 1.5
conntrack -L > /dev/null 2>&1
conntrack -D -p tcp --dport 80
sleep 0.5
for i in 1 2 3 4; do echo "== $i"; cat /tmp/e$i; done
conntrack -L -o id | sed 's/id=[0-9]*$/id=N/'
conntrack -G -p udp -s 172.17.0.2 -d 192.168.50.2 --sport 1 --dport 53
