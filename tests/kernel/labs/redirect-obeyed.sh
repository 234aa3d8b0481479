ip link add docker0 address 02:42:ff:27:17:4d type bridge mcast_snooping 0
ip addr add 192.168.0.1/20 dev docker0
ip link set docker0 up
for i in 2 3; do
  ip netns add c$i
  ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip link add veth$i address 02:99:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:c0:a8:00:0$i
  ip link set veth$i master docker0 up
  ip -n c$i link set lo up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 192.168.0.$i/20 dev eth0
done
sysctl -qw net.bridge.bridge-nf-call-iptables=0
ip -n c2 route add 192.168.0.3/32 via 192.168.0.1
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec c2 ping -c 4 -i 0.3 -W 1 192.168.0.3
