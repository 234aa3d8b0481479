ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 1 2; do
  ip netns add c$i
  ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1))
  ip link set veth$i master docker0 up
  ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.icmp_echo_ignore_broadcasts=0
  ip -n c$i link set eth0 up
  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0
  ip -n c$i route add default via 172.17.0.1
done
# one container answers twice, by an address that is not the one that was asked
sysctl -w net.bridge.bridge-nf-call-iptables=0
ip addr add 172.17.0.100/32 dev docker0
iptables -t nat -A PREROUTING -d 172.17.0.100 -p icmp -j DNAT --to 172.17.0.2
ip netns exec c2 ping -c 1 -W 1 172.17.0.100
ip netns exec c2 ping -c 1 -W 1 -q 172.17.0.100
ip netns exec c2 ping -b -c 1 -W 1 172.17.255.255
ip netns exec c2 ping -b -c 2 -i 0.3 -W 1 172.17.255.255
ip netns exec c2 ping -c 1 -W 1 224.0.0.1
ip netns exec c2 ping -b -c 1 -W 1 172.17.0.100
ip netns exec c2 ping -A -c 2 -W 1 172.17.0.100
ping -c 1 0.0.0.0
