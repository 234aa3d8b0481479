ip link add docker0 address 02:42:ff:27:17:4d type bridge mcast_snooping 0
ip addr add 192.168.0.1/20 dev docker0
ip link set docker0 up
for i in 2 3 4; do
  ip netns add c$i
  ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip link add veth$i address 02:99:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:c0:a8:00:0$i
  ip link set veth$i master docker0 up
  ip -n c$i link set lo up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 192.168.0.$i/20 dev eth0
  ip -n c$i route add default via 192.168.0.1
done
ip netns add gw
ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add eth0 address 00:16:3e:06:3a:3a type veth peer name eth0 netns gw address 00:2a:6a:aa:12:7c
ip addr add 10.171.77.1/21 dev eth0
ip link set eth0 up
ip -n gw link set lo up
ip -n gw link set eth0 up
ip -n gw addr add 10.171.79.254/21 dev eth0
ip -n gw addr add 10.28.61.30/32 dev lo
ip route add default via 10.171.79.254
iptables -A INPUT -m mac --mac-source 02:42:c0:a8:00:02 -j LOG --log-prefix "mac "
iptables -A INPUT -m pkttype --pkt-type broadcast -j LOG --log-prefix "bcast "
iptables -A INPUT -m ttl --ttl-lt 64 -j LOG --log-prefix "ttl "
iptables -A INPUT -m length --length 28:40 -j LOG --log-prefix "short "
iptables -A INPUT -m iprange --src-range 192.168.0.3-192.168.0.4 -j LOG --log-prefix "range "
iptables -A INPUT -m limit --limit 1/hour --limit-burst 2 -j LOG --log-prefix "limit "
iptables -A INPUT -m statistic --mode nth --every 3 --packet 1 -j LOG --log-prefix "nth "
iptables -A INPUT -m addrtype --dst-type BROADCAST -j LOG --log-prefix "type "
iptables -A OUTPUT -m owner --uid-owner 0 -j LOG --log-prefix "owner "
iptables -A INPUT -f -j LOG --log-prefix "frag "
iptables -A INPUT -p icmp --icmp-type echo-request -m comment --comment "a b" -j NFLOG --nflog-group 3
ip netns exec c2 ping -c 1 -W 1 192.168.0.1
ip netns exec c3 ping -c 2 -i 0.2 -W 1 -s 4 192.168.0.1
ip netns exec c4 ping -c 1 -W 1 -t 9 192.168.0.1
ip netns exec c4 ping -c 1 -W 1 -s 2000 192.168.0.1
ip netns exec c4 ping -c 1 -W 1 -b 192.168.15.255
iptables -nvL --line-numbers
