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
iptables -A FORWARD -p tcp -m multiport --dports 80,443,8000:8010 -j LOG --log-prefix "mp "
iptables -A FORWARD -p tcp -m tcp ! --syn -j LOG --log-prefix "notsyn "
iptables -A FORWARD -m iprange --src-range 172.17.0.2-172.17.0.9 -m length --length 0:100 -j LOG --log-prefix "iprange "
iptables -A FORWARD -m mac --mac-source 02:42:ac:11:00:02 -j LOG --log-prefix "mac "
iptables -A FORWARD -m ttl --ttl-lt 64 -j LOG --log-prefix "ttl<64 "
iptables -A FORWARD -m physdev --physdev-in veth1 --physdev-out veth2 -j LOG --log-prefix "phys "
iptables -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT
iptables -A FORWARD -m addrtype --src-type UNICAST ! --dst-type LOCAL -j LOG --log-prefix "addr "
iptables -A INPUT -m pkttype --pkt-type broadcast -j LOG --log-prefix "bc "
iptables -A OUTPUT -m owner --uid-owner 0 -p icmp -j LOG --log-prefix "root " --log-uid
iptables -A OUTPUT -m owner ! --uid-owner root -j LOG --log-prefix "kernel "
ip netns exec c2 nc -l 443 >/dev/null &
sleep .2
echo x | ip netns exec c1 nc -N -w 1 172.17.0.3 443
ip netns exec c1 ping -c 1 -s 100 172.17.0.3
ip netns exec c1 ping -c 1 -W 1 10.0.0.2
ping -c 1 172.17.0.2
ip netns exec c1 ping -b -c 1 -W 1 172.17.255.255
iptables -nvL --line-numbers
iptables-save -c -t filter | grep -v '^#'
