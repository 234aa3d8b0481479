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
iptables -t raw -A PREROUTING -j TRACE
iptables -t raw -A OUTPUT -j TRACE
ebtables -N WEB -P DROP
ebtables -A WEB -p ipv4 --ip-proto tcp --ip-dport 80 --log-ip --log-prefix "web" -j ACCEPT
ebtables -A WEB -p ipv4 --ip-proto icmp --log-ip --log-prefix "icmp" -j RETURN
ebtables -A FORWARD -p ipv4 -j WEB
ebtables -A FORWARD -p ipv4 --log-ip --log-prefix "after" -j ACCEPT
ip netns exec c2 ping -c 1 -W 1 192.168.0.3
ip netns exec c2 nc -z -w 2 192.168.0.3 80
ip netns exec c2 nc -z -w 2 192.168.0.3 81
ebtables -L --Lc --Ln
