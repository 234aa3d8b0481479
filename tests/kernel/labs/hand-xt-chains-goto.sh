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

iptables -N A; iptables -N B; iptables -N C; iptables -N EMPTY
iptables -A FORWARD -j EMPTY; iptables -A FORWARD -p icmp -g A; iptables -A FORWARD -j ACCEPT
iptables -A A -j B; iptables -A A -m comment --comment after; iptables -A A -s 172.18.0.2 -j RETURN; iptables -A A -j C
iptables -A B -g C; iptables -A B -j DROP
iptables -A C -d 172.18.0.3 -j RETURN; iptables -A C -p icmp --icmp-type 8 -j ACCEPT; iptables -A C -j RETURN
iptables -P FORWARD DROP
ip netns exec c2 ping -c 1 -W 1 198.51.100.9
ip netns exec c2 ping -c 1 -W 1 172.18.0.3
ip netns exec c3 ping -c 1 -W 1 172.18.0.2
iptables -X A; echo $?; iptables -X EMPTY; echo $?; iptables -D FORWARD -j EMPTY; iptables -X EMPTY; echo $?
iptables -E C CC; iptables -nvL; iptables -Z A; iptables -nvL A; iptables -nvL -Z FORWARD; iptables -C FORWARD -p icmp -g A; echo $?; iptables -C FORWARD -p icmp -j A; echo $?
iptables -R FORWARD 1 -p icmp -j DROP; iptables -I FORWARD 2 -s 1.2.3.4; iptables -D FORWARD 3; iptables -S; iptables -F A; iptables -S A
iptables -t mangle -P PREROUTING DROP; ping -c 1 -W 1 172.18.0.2; iptables -t mangle -nvL PREROUTING
