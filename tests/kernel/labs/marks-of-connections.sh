ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add ext
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables -t mangle -A PREROUTING -i docker0 -p icmp -j MARK --set-mark 0x10
iptables -t mangle -A PREROUTING -i docker0 -p tcp -j MARK --set-xmark 0x20/0xff
iptables -t mangle -A PREROUTING -m mark --mark 0x10 -j CONNMARK --save-mark
iptables -t mangle -A PREROUTING -m mark --mark 0x20/0xf0 -j CONNMARK --set-mark 7
iptables -t mangle -A PREROUTING -i eth0 -j CONNMARK --restore-mark
iptables -t mangle -A FORWARD -m connmark --mark 7 -j LOG --log-prefix "seven "
iptables -t mangle -A FORWARD -m mark ! --mark 0 -j LOG --log-prefix "marked " --log-level 4 --log-ip-options
iptables -t mangle -A POSTROUTING -m connmark ! --mark 0/0xff -j MARK --or-mark 0x100
iptables -t nat -A POSTROUTING -m mark --mark 0x100/0x100 -o eth0 -j MASQUERADE
ip netns exec ext nc -l 80 >/dev/null &
sleep 0.2
ip netns exec c1 ping -c 2 -i 0.2 10.0.0.2
echo x | ip netns exec c1 nc -N -w 2 10.0.0.2 80
conntrack -L
iptables -t mangle -nvL
iptables-save -t mangle -c
