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
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -p tcp -m tcp --dport 81 -j REJECT --reject-with tcp-reset
iptables -A FORWARD -p tcp -m multiport --dports 82,90:95 -j REJECT
iptables -A INPUT -p tcp --dport 83 -j REJECT --reject-with tcp-reset
iptables -A INPUT -p udp --dport 84 -j REJECT
iptables -A OUTPUT -p tcp --dport 85 -j REJECT --reject-with tcp-reset
ip netns exec out nc -l 80 > /dev/null & sleep 0.3
echo hi | ip netns exec c2 nc -N -p 5000 10.9.0.2 80; echo rc $?
ip netns exec c2 nc -p 5001 10.9.0.2 81; echo rc $?
ip netns exec c2 nc -p 5002 10.9.0.2 82; echo rc $?
ip netns exec c2 nc -p 5003 172.17.0.1 83; echo rc $?
ip netns exec c2 nc -p 5004 172.17.0.3 81; echo rc $?
echo x | ip netns exec c2 nc -u -w 1 -p 5005 172.17.0.1 84; echo rc $?
nc -p 5006 10.9.0.2 85; echo rc $?
ip netns exec out nc -p 5007 10.9.0.1 83; echo rc $?
ip netns exec out nc -p 5008 10.9.0.1 99; echo rc $?
ip netns exec c2 nc -p 5009 10.9.0.2 99; echo rc $?
echo x | ip netns exec c2 nc -u -w 1 -p 5010 10.9.0.2 53; echo rc $?
conntrack -L | sort -t = -k 2
