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
# odd destinations, from a container and from the host, through the router
ip netns add far; ip netns exec far sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add e1 address 02:00:00:00:0f:01 type veth peer name eth0 netns far address 02:00:00:00:0f:02; ip link set e1 up; ip addr add 10.2.0.1/24 dev e1
ip -n far link set eth0 up; ip -n far addr add 10.2.0.2/24 dev eth0; ip -n far route add default via 10.2.0.1
ip netns exec far sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
iptables -t raw -A PREROUTING -p icmp -j LOG --log-prefix "raw "
iptables -t raw -A OUTPUT -p icmp -j LOG --log-prefix "out "
for d in 10.2.0.255 10.2.0.0 255.255.255.255 0.0.0.0 10.1.0.0 240.0.0.1 224.0.0.1 239.9.9.9 127.0.0.7 169.254.1.1 10.2.0.2; do
echo "== $d"; ip netns exec c2 ping -c 1 -W 1 -b $d 2>&1 | head -3
ping -c 1 -W 1 -b $d 2>&1 | head -3; ip route get $d 2>&1 | head -1; done
ip netns exec far ping -c 1 -W 1 -I 10.2.0.2 10.1.0.255
ip route add default via 10.2.0.2
ip netns exec c2 ping -c 1 -W 1 240.0.0.1; ip netns exec c2 ping -c 1 -W 1 0.0.0.5; ip netns exec c2 ping -c 1 -W 1 169.254.1.1
iptables -t raw -nvL
