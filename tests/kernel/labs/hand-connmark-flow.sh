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

iptables -t mangle -A PREROUTING -j CONNMARK --restore-mark
iptables -t mangle -A PREROUTING -m mark --mark 0 -s 172.18.0.2 -j MARK --set-mark 0x21
iptables -t mangle -A PREROUTING -m mark --mark 0 -s 172.18.0.3 -j MARK --set-xmark 0x42/0xff
iptables -t mangle -A POSTROUTING -m mark ! --mark 0 -j CONNMARK --save-mark --mask 0xf0
iptables -A FORWARD -m connmark --mark 0x20/0xf0 -j LOG --log-prefix "twenty "
iptables -A FORWARD -m connmark ! --mark 0 -m mark --mark 0x40 -j LOG --log-prefix "forty "
ip rule add fwmark 0x42 table 9; ip route add prohibit default table 9
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
ip netns exec c2 ping -c 2 -i 0.2 198.51.100.9
ip netns exec c3 ping -c 1 -W 1 198.51.100.9
conntrack -L -m 0x20; conntrack -L --mark 32/0xf0; conntrack -L | sort
iptables -t mangle -nvL; iptables -t mangle -S
