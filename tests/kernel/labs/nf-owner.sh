# Two containers on br0, and a network behind eth0.
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
for i in 2 3; do
ip netns add c$i; quiet c$i
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set eth0 up; ip -n c$i link set lo up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip netns add out; quiet out
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns out address 02:00:00:00:09:02
ip link set eth0 up; ip addr add 10.9.0.1/24 dev eth0
ip -n out link set eth0 up; ip -n out link set lo up; ip -n out addr add 10.9.0.2/24 dev eth0; ip -n out route add default via 10.9.0.1
for a in 10 11 12 13; do ip -n out addr add 10.9.0.$a/24 dev eth0; done
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
for c in OUTPUT; do
iptables -A $c -m owner --uid-owner 0
iptables -A $c -m owner ! --uid-owner 0
iptables -A $c -m owner --socket-exists
iptables -A $c -m owner ! --socket-exists
done
iptables -A INPUT -p tcp --dport 83 -j REJECT --reject-with tcp-reset
iptables -A INPUT -p udp --dport 84 -j REJECT
nc -l 80 > /dev/null &
sleep 0.2
echo hi | ip netns exec out nc -N -p 5000 10.9.0.1 80
ip netns exec out nc -p 5001 10.9.0.1 81
ip netns exec out nc -p 5003 10.9.0.1 83
echo x | ip netns exec out nc -u -w 1 -p 5004 10.9.0.1 84
ping -c 1 10.9.0.2
ip netns exec out ping -c 1 10.9.0.1
iptables -nvL
