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

iptables -t nat -A POSTROUTING -s 172.18.0.0/16 -o eth0 -j MASQUERADE
iptables -t nat -A PREROUTING -d 10.0.0.1 -p udp --dport 53 -j DNAT --to-destination 172.18.0.4:5353
iptables -A FORWARD -m conntrack --ctstate RELATED -j LOG --log-prefix "related "
iptables -A FORWARD -m conntrack --ctstate INVALID -j LOG --log-prefix "invalid "
ip -n gw route add unreachable 203.0.113.0/24; ip -n gw route add prohibit 203.0.114.0/24; ip -n gw route add blackhole 203.0.115.0/24
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
ip netns exec c2 ping -c 1 -W 1 203.0.113.1
ip netns exec c2 ping -c 1 -W 1 203.0.114.1
ip netns exec c2 ping -c 1 -W 1 203.0.115.1
ip netns exec c2 ping -c 1 -W 1 -t 2 203.0.113.1
echo q | ip netns exec gw nc -n -u -v -w 1 10.0.0.1 53; echo $?
echo q | ip netns exec c2 nc -n -u -v -w 1 198.51.100.9 53; echo $?
ip netns exec c2 nc -n -v -w 2 203.0.113.1 80; echo $?
ip netns exec c2 traceroute -n -q 1 -w 1 -m 3 198.51.100.9
ip netns exec c2 traceroute -n -q 1 -w 1 -m 4 203.0.114.9
ip netns exec c2 traceroute -I -n -q 1 -w 1 -m 3 198.51.100.9
ip netns exec c2 traceroute -T -p 80 -n -q 1 -w 1 -m 3 198.51.100.9
conntrack -L | sort; iptables -nvL FORWARD
