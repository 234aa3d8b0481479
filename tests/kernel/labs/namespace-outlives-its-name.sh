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
ip netns exec c1 nc -lk 80 > /dev/null &
sleep 0.3
ip link show veth1
ip netns del c1
sleep 0.3
ip netns list
ip link show veth1
ping -c 1 -W 1 172.17.0.2
echo 1 | nc -N -w 2 172.17.0.2 80
ip netns exec c1 true
ip netns add c1
ip -n c1 link
kill $!
sleep 0.5
ip link show veth1
bridge link
ping -c 1 -W 4 172.17.0.2
ip neigh
bridge fdb show br docker0 | grep -v permanent
