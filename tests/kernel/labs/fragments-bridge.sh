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
# fragments over a bridge with and without conntrack; -f match
iptables -A FORWARD -f -j LOG --log-prefix "frag "
iptables -A FORWARD -j LOG --log-prefix "fwd "
ip netns exec c2 ping -c 1 -s 2000 -W 1 10.1.0.3
ping -c 1 -s 2000 -W 1 10.1.0.3
iptables -A FORWARD -m state --state NEW -j LOG --log-prefix "new "
ip netns exec c2 ping -c 1 -s 2000 -W 1 10.1.0.3
ebtables -A FORWARD -p ipv4 --log --log-ip --log-prefix "EBF" -j CONTINUE
ip netns exec c3 ping -c 1 -s 4000 -W 1 10.1.0.4
ip netns exec c3 ping -c 1 -s 4000 -W 1 10.1.0.1
sysctl -w net.bridge.bridge-nf-call-iptables=0
ip netns exec c3 ping -c 1 -s 4000 -W 1 10.1.0.4
iptables -nvL FORWARD; ebtables -L --Lc
