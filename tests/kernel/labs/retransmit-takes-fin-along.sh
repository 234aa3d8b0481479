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
iptables -A FORWARD -p tcp -m conntrack --ctstate INVALID -j LOG --log-prefix "inv "
iptables -A FORWARD -p tcp -m conntrack --ctstate INVALID -j DROP
iptables -t mangle -A PREROUTING -p tcp -j LOG --log-prefix "pre "
ip netns exec c2 nc -lk 80 > /dev/null &
sleep 0.3
(echo a; sleep 1.2; echo b; sleep 0.5) | ip netns exec c1 nc -N -p 5000 172.17.0.3 80 &
sleep 0.5
conntrack -L -p tcp
conntrack -D -p tcp
sysctl -w net.netfilter.nf_conntrack_tcp_loose=0
sleep 1.8
conntrack -L -p tcp
iptables -nvL FORWARD
iptables -t mangle -nvL PREROUTING
