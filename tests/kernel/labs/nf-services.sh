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
bridge link set dev veth2 hairpin on
iptables -t nat -N SVC; iptables -t nat -N SEP; iptables -t nat -N MASQ; iptables -t nat -N POST
iptables -t nat -A PREROUTING -m comment --comment "svc" -j SVC
iptables -t nat -A OUTPUT -m comment --comment "svc" -j SVC
iptables -t nat -A SVC -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j SEP
iptables -t nat -A SVC -m addrtype --dst-type LOCAL -p tcp -m tcp --dport 8080 -j SEP
iptables -t nat -A SEP ! -s 172.17.0.0/24 -j MASQ
iptables -t nat -A SEP -s 172.17.0.2/32 -j MASQ
iptables -t nat -A SEP -p tcp -j DNAT --to-destination 172.17.0.2:80
iptables -t nat -A MASQ -j MARK --set-xmark 0x4000/0x4000
iptables -t nat -A POSTROUTING -j POST
iptables -t nat -A POST -m mark ! --mark 0x4000/0x4000 -j RETURN
iptables -t nat -A POST -j MARK --set-xmark 0x4000/0x0
iptables -t nat -A POST -j MASQUERADE
iptables -A FORWARD -m conntrack --ctstate DNAT
iptables -A FORWARD -m conntrack --ctstate SNAT
iptables -A FORWARD -m conntrack --ctorigdst 10.96.0.10 --ctorigdstport 80
for i in 1 2 3 4; do ip netns exec c2 nc -l 80 > /dev/null &
sleep 0.3
case $i in
1) echo hi | ip netns exec c3 nc -N -p 6001 10.96.0.10 80;;
2) echo hi | ip netns exec c2 nc -N -p 6002 10.96.0.10 80;;
3) echo hi | nc -N -p 6003 10.96.0.10 80;;
4) echo hi | ip netns exec out nc -N -p 6004 10.9.0.1 8080;;
esac
done
conntrack -L | sort -t = -k 2
iptables -t nat -nvxL
