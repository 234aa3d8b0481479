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
iptables -t mangle -A FORWARD -p tcp --tcp-flags FIN FIN -j LOG --log-prefix "t "
ip netns exec c2 nc -lk 80 > /dev/null &
S=$!
sleep 0.8
(echo a; sleep 5) | ip netns exec c1 nc 172.17.0.3 80 &
sleep 1.2
conntrack -L -p tcp
kill $S
sleep 1.2
conntrack -L -p tcp
ip netns exec c1 nc -vz -w 1 172.17.0.3 80
ip netns exec c2 nc -lk 81 > /dev/null &
sleep 0.8
sleep 30 | ip netns exec c1 nc 172.17.0.3 81 &
C=$!
sleep 1.2
kill $C
sleep 1.2
conntrack -L -p tcp
iptables -t mangle -nvL FORWARD | tail -1
