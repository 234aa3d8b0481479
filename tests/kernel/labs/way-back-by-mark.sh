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
ip netns add up2
ip netns exec up2 sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth1 address 52:54:00:00:01:01 type veth peer name eth0 netns up2 address 52:54:00:00:01:99
ip addr add 203.0.113.1/24 dev eth1
ip link set eth1 up
ip -n up2 link set eth0 up
ip -n up2 addr add 203.0.113.99/24 dev eth0
ip -n up2 addr add 8.8.8.8/32 dev eth0
ip -n up2 route add default via 203.0.113.1
sleep 3
ip route add default via 192.0.2.99
ip route add default via 203.0.113.99 table 5
ip rule add fwmark 5 lookup 5
sysctl -w net.ipv4.conf.all.rp_filter=1
sysctl -w net.ipv4.conf.all.log_martians=1
iptables -t mangle -A PREROUTING -s 172.17.0.2 -j MARK --set-mark 5
iptables -t mangle -A PREROUTING -i eth1 -j MARK --set-mark 5
iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE
iptables -t raw -A PREROUTING -p icmp -j TRACE
ip netns exec c2 ping -c 1 -W 1 8.8.8.8; echo $?
ip netns exec up2 ping -c 1 -I 8.8.8.8 -W 1 203.0.113.1; echo $?
sysctl -w net.ipv4.conf.eth1.src_valid_mark=1
ip netns exec c2 ping -c 1 -W 1 8.8.8.8; echo $?
ip netns exec up2 ping -c 1 -I 8.8.8.8 -W 1 203.0.113.1; echo $?
sysctl -w net.ipv4.conf.all.rp_filter=0
sysctl -w net.ipv4.conf.eth1.src_valid_mark=0
sysctl -w net.ipv4.conf.eth1.rp_filter=2
sysctl -w net.ipv4.conf.docker0.rp_filter=1
ip netns exec c2 ping -c 1 -W 1 8.8.8.8; echo $?
sysctl net.ipv4.conf.all.src_valid_mark net.ipv4.conf.eth1.src_valid_mark
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
