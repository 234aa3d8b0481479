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
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE

iptables -A FORWARD -m conntrack --ctstate INVALID -j LOG --log-prefix "invalid "
(ip netns exec gw nc -l -n -p 80 > /dev/null) &
sleep 0.2
(echo a; sleep 1; echo b; sleep 1) | ip netns exec c2 nc -n -N -p 4000 10.0.0.254 80 &
sleep 0.5; conntrack -F; sleep 2; conntrack -L
sysctl -w net.netfilter.nf_conntrack_tcp_loose=0
(ip netns exec gw nc -l -n -p 80 > /dev/null) &
sleep 0.2
(echo a; sleep 1; echo b; sleep 1) | ip netns exec c2 nc -n -N -p 4001 10.0.0.254 80 &
sleep 0.5; conntrack -F; sleep 2; conntrack -L
