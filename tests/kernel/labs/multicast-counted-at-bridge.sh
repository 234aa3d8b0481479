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
ip netns exec c1 ping -c 2 -i 0.2 172.17.0.3 > /dev/null
ip netns exec c1 ping -b -c 1 -W 1 172.17.255.255 > /dev/null
ping -b -c 1 -W 1 172.17.255.255 > /dev/null
ip netns exec c1 ping -c 1 -W 1 224.0.0.9 > /dev/null
ip -s link show veth1
ip -s link show docker0
ip -n c1 -s link show eth0
ip -n c3 -s link show eth0
ip -n c1 -s link show lo
ip -s link show veth3
ip netns exec c1 ping -c 1 127.0.0.1 > /dev/null
ip -n c1 -s link show lo
