ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0; ip link set br0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set lo up
ip -n c$i link set eth0 up
ip -n c$i addr add 10.1.0.$i/24 dev eth0
ip -n c$i route add default via 10.1.0.1
done
# bridge netfilter switches: global off, bridge on
iptables -A FORWARD -j LOG --log-prefix "fw "
iptables -t raw -A PREROUTING -j LOG --log-prefix "raw "
sysctl -w net.bridge.bridge-nf-call-iptables=0
ip netns exec c2 ping -c 1 10.1.0.3
ip link set br0 type bridge nf_call_iptables 1
ip netns exec c2 ping -c 1 10.1.0.3
cat /sys/class/net/br0/bridge/nf_call_iptables
ip link set br0 type bridge nf_call_iptables 0
echo 1 > /sys/class/net/br0/bridge/nf_call_iptables
ip netns exec c2 ping -c 1 10.1.0.4
sysctl -w net.bridge.bridge-nf-call-arptables=0
echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables
echo 0 > /sys/class/net/br0/bridge/nf_call_iptables
ip netns exec c2 ping -c 1 10.1.0.1
iptables -nvL FORWARD; iptables -t raw -nvL PREROUTING
