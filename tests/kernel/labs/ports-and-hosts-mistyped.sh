ip link add docker0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for n in 2 3 4; do
  ip netns add c$n
  ip netns exec c$n sysctl -qw net.ipv6.conf.default.disable_ipv6=1
  ip link add veth$n address fe:00:00:00:00:0$n type veth peer name eth0 netns c$n address 02:42:ac:11:00:0$n
  ip link set veth$n master docker0 up
  ip -n c$n link set lo up
  ip -n c$n link set eth0 up
  ip -n c$n addr add 172.17.0.$n/16 dev eth0
  ip -n c$n route add default via 172.17.0.1
done
ip netns add out
ip netns exec out sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 52:54:00:00:00:01 type veth peer name eth0 netns out address 52:54:00:00:00:99
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n out link set lo up
ip -n out link set eth0 up
ip -n out addr add 192.0.2.99/24 dev eth0
ip -n out route add default via 192.0.2.1
sleep 3
iptables -A INPUT -p tcp --dport 70000 -j ACCEPT; echo $?
iptables -A INPUT -p tcp --sport 65536:65540 -j ACCEPT; echo $?
iptables -A INPUT -p udp --dport 99999:5; echo $?
iptables -A INPUT -p tcp --dport http -j ACCEPT; echo $?
iptables -A INPUT -p tcp --dport nosuch -j ACCEPT; echo $?
iptables -A INPUT -p tcp -m multiport --dports 70000 -j ACCEPT; echo $?
iptables -A INPUT -p tcp --dport 0x50 -j ACCEPT; echo $?
iptables -A INPUT -p tcp --dport 0120 -j ACCEPT; echo $?
iptables -A INPUT -s 10.0.0.256; echo $?
iptables -A INPUT -s 1.2.3; echo $?
iptables -A INPUT -s 10/8; echo $?
iptables -A INPUT -d 300.1.1.1 -j DROP; echo $?
iptables -A INPUT -i lo -p udp --dport 53
iptables -t nat -A OUTPUT -p tcp -j DNAT --to 1.2.3.4:70000; echo $?
iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 70000; echo $?
iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports http; echo $?
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
