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

for k in icmp-net-unreachable icmp-host-unreachable icmp-proto-unreachable icmp-net-prohibited icmp-admin-prohibited; do
  iptables -I FORWARD -p icmp -j REJECT --reject-with $k
  ip netns exec c2 ping -c 1 -W 1 198.51.100.9 | sed -n 2p
  iptables -D FORWARD 1
done
iptables -A FORWARD -p tcp -d 198.51.100.9 --dport 80 -j REJECT --reject-with tcp-reset
sleep 2
iptables -A FORWARD -p tcp -j REJECT
iptables -A OUTPUT -p udp -j REJECT --reject-with icmp-host-prohibited
iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with icmp-admin-prohibited
ip netns exec c2 nc -v -n -z -w 2 198.51.100.9 80; echo $?
ip netns exec c2 nc -v -n -z -w 2 198.51.100.9 81; echo $?
ip netns exec c2 nc -v -n -z -w 2 172.18.0.1 22; echo $?
ip netns exec c2 nc -v -n -z -w 2 172.18.0.3 80; echo $?
echo x | nc -u -v -n -w 1 10.0.0.254 53; echo $?
echo x | ip netns exec c2 nc -u -n -w 1 172.18.0.1 53; echo $?
iptables -A OUTPUT -p icmp --icmp-type echo-request -j REJECT
ping -c 2 -i 0.2 -W 1 10.0.0.254; echo $?
iptables -t mangle -A OUTPUT -p tcp -j DROP; nc -v -n -z -w 1 10.0.0.254 80; echo $?
iptables -nvL; conntrack -L | sort
