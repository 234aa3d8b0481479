ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ip netns add ext
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables -t mangle -A PREROUTING -p icmp -j TTL --ttl-set 10
iptables -t mangle -A PREROUTING -p tcp -j TTL --ttl-dec 3
iptables -t mangle -A POSTROUTING -p icmp --icmp-type echo-request -j TTL --ttl-inc 5
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000
iptables -t mangle -A OUTPUT -p icmp -j MARK --set-mark 5
iptables -t mangle -A INPUT -m mark --mark 0 -j LOG --log-prefix "in "
iptables -t mangle -A FORWARD -j LOG --log-prefix "fwd " --log-tcp-options
iptables -t security -A FORWARD -j LOG --log-prefix "sec "
iptables -t security -A INPUT -p icmp -j ACCEPT
ip rule add fwmark 5 table 100
ip route add 10.9.0.0/16 via 172.17.0.3 table 100
ip -n ext route add 172.17.0.0/16 via 10.0.0.1
ip netns exec ext nc -l 80 >/dev/null &
sleep .2
ip netns exec c1 ping -c 1 10.0.0.2
echo x | ip netns exec c1 nc -N -w 1 10.0.0.2 80
ping -c 1 -W 1 10.9.1.1
ping -c 1 172.17.0.2
iptables -t mangle -nvL; iptables -t security -nvL
