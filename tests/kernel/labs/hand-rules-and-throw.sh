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
# Policy rules that end a lookup, a throw that goes on to the next rule.
ip rule add to 10.31.0.0/16 prohibit; ip rule add to 10.32.0.0/16 unreachable pref 50; ip rule add from 172.18.0.3 to 10.33.0.0/16 blackhole pref 60; ip rule add from 172.18.0.0/16 lookup 77 pref 70
ip rule add fwmark 0x7/0xf lookup 77 pref 71; ip rule add iif br0 lookup 78 pref 72; ip rule add oif eth0 lookup 79 pref 73
ip route add throw 198.51.100.0/24 table 77; ip route add default via 172.18.0.4 table 77; ip route add unreachable 10.34.0.0/16 table 78
ip rule; ip route show table 77; ip route show table 78; ip rule show from 172.18.0.3
for a in 10.31.0.1 10.32.0.1 10.33.0.1 10.34.0.1 10.35.0.1 198.51.100.9; do ip netns exec c2 ping -c 1 -W 1 $a | sed -n 2p; ip netns exec c3 ping -c 1 -W 1 $a | sed -n 2p; ip route get $a from 172.18.0.3 iif br0; ping -c 1 -W 1 $a | sed -n 2p; done
ip rule del pref 60; ip rule del to 10.31.0.0/16 prohibit; ip rule del fwmark 0x7/0xf; ip rule del lookup 79; ip rule; ip rule del pref 999; echo $?
