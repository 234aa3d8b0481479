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
iptables -t mangle -A PREROUTING -p tcp -j LOG --log-prefix "t "
iptables -A FORWARD -p tcp --dport 80 -m length --length 53:1500 -m statistic --mode nth --every 3 --packet 1 -j DROP
ip netns exec c2 sh -c 'nc -lk 80 > /tmp/y02' &
sleep 0.3
(for k in 1 2 3 4 5 6; do echo line $k; sleep 0.6; done) | ip netns exec c1 nc -N 172.17.0.3 80
sleep 0.5
cat /tmp/y02
iptables -nvL FORWARD
conntrack -L -p tcp
