ip link add docker0 address 02:42:7d:11:22:33 type bridge
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
iptables -P FORWARD DROP
iptables -t raw -A PREROUTING -p icmp -j TRACE
ip netns exec c1 ping -c 1 -W 1 172.17.0.3
sysctl -w net.bridge.bridge-nf-call-iptables=0
ip netns exec c1 ping -c 1 -W 1 172.17.0.3
ip netns exec c1 ping -c 1 -W 1 172.17.0.1
iptables -nvL FORWARD
ip link set docker0 type bridge nf_call_iptables 1
ip netns exec c1 ping -c 1 -W 1 172.17.0.3
ip netns exec c1 ping -c 1 -W 1 172.17.0.1
ip link set docker0 type bridge nf_call_iptables 0
cat /proc/sys/net/bridge/bridge-nf-call-iptables
sysctl net.bridge
echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables
iptables -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT
ip netns exec c1 ping -c 1 -W 1 172.17.0.3
conntrack -L
iptables -nvL FORWARD
