quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
ip netns add gw; quiet gw
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns gw address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n gw link set lo up; ip -n gw link set eth0 up
ip -n gw addr add 10.0.0.254/24 dev eth0; ip -n gw addr add 198.51.100.9/32 dev lo
ip -n gw route add 172.18.0.0/16 via 10.0.0.1
ip route add default via 10.0.0.254

ip rule add fwmark 1 table 10; ip route add default via 172.18.0.3 table 10; ip -n c3 addr add 203.0.113.7/32 dev lo
iptables -t mangle -A OUTPUT -d 203.0.113.7 -j MARK --set-mark 1
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
ping -c 1 -W 1 203.0.113.7
sysctl -qw net.ipv4.conf.br0.rp_filter=0
nc -n -v -z -w 2 203.0.113.7 80
iptables -t nat -A OUTPUT -d 203.0.113.8 -j DNAT --to-destination 172.18.0.2
ping -c 1 -W 1 203.0.113.8
iptables -t nat -A POSTROUTING -m mark --mark 1 -j MASQUERADE
ping -c 1 -W 1 203.0.113.7
iptables -t nat -A OUTPUT -d 203.0.113.9 -j DNAT --to-destination 10.0.0.77
ping -c 1 -W 4 203.0.113.9
conntrack -L | sort; ip neigh | sort
