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
iptables -t nat -A PREROUTING -d 172.17.0.1 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80
iptables -t nat -A PREROUTING -p udp --dport 8080 -j REDIRECT --to-ports 9090
iptables -t nat -A OUTPUT -p udp --dport 8081 -j REDIRECT --to-ports 9090
ip netns exec c2 nc -p 6001 172.17.0.1 8080; echo $?
ip netns exec c3 nc -p 6002 -w 1 172.17.0.1 8080; echo $?
ip netns exec out nc -p 6003 10.9.0.1 8080; echo $?
echo x | ip netns exec c2 nc -u -w 1 -p 6004 10.9.0.2 8080; echo $?
echo x | nc -u -w 1 -p 6005 10.9.0.2 8081; echo $?
nc -u -l 9090 > /tmp/got & sleep 0.2
echo hello | ip netns exec c2 nc -u -w 1 -p 6006 10.9.0.2 8080
sleep 0.2; cat /tmp/got
conntrack -L 2>/dev/null | sort -t = -k 2
