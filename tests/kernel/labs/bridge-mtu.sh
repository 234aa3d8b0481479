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
# ping over a bridge whose port has a smaller mtu; local and bridged
ip link set veth3 mtu 1000
ip -n c3 link set eth0 mtu 1000
ip link show br0 | head -1
ebtables -A FORWARD -p ipv4 --log --log-prefix F --log-ip
iptables -A FORWARD -j LOG --log-prefix "fw "
ip netns exec c2 ping -c 1 -W 1 -s 1200 10.1.0.3
ip netns exec c2 ping -c 1 -W 1 -s 900 10.1.0.3
ip netns exec c3 ping -c 1 -W 1 -s 1200 10.1.0.2
ping -c 1 -W 1 -s 1200 10.1.0.3
ping -c 1 -W 1 -s 1200 -M do 10.1.0.3
ip link set br0 mtu 1200
ip link show br0 | head -1
ping -c 1 -W 1 -s 1400 10.1.0.4
ip netns exec c2 ping -c 1 -W 1 -s 1400 10.1.0.4
sysctl -w net.bridge.bridge-nf-call-iptables=0
ip netns exec c2 ping -c 1 -W 1 -s 1400 10.1.0.4
ip netns exec c2 ping -c 1 -W 1 -s 2400 10.1.0.4
iptables -nvL FORWARD
