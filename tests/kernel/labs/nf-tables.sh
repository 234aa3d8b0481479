# Two containers on br0, and a network behind eth0.
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
for i in 2 3; do
ip netns add c$i; quiet c$i
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set eth0 up; ip -n c$i link set lo up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip netns add out; quiet out
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns out address 02:00:00:00:09:02
ip link set eth0 up; ip addr add 10.9.0.1/24 dev eth0
ip -n out link set eth0 up; ip -n out link set lo up; ip -n out addr add 10.9.0.2/24 dev eth0; ip -n out route add default via 10.9.0.1
for a in 10 11 12 13; do ip -n out addr add 10.9.0.$a/24 dev eth0; done
for t in security mangle raw filter nat; do iptables -t $t -L -n > /dev/null; done
iptables -t raw -A PREROUTING -p icmp -j TRACE; iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec c2 ping -c 1 172.17.0.3
ping -c 1 172.17.0.2
iptables -t security -A FORWARD -m conntrack --ctstate NEW
ip netns exec c2 ping -c 2 -i 0.2 172.17.0.3
iptables -t security -F
ip netns exec c2 ping -c 1 172.17.0.3
iptables -t nat -A POSTROUTING -s 1.1.1.1 -j SNAT --to 2.2.2.2
ip netns exec c2 ping -c 2 -i 0.2 172.17.0.3
iptables -P FORWARD DROP
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
iptables -t nat -A PREROUTING -p icmp -j DROP 2>&1
iptables -t nat -A PREROUTING -p icmp -j RETURN
iptables -t nat -A PREROUTING -p icmp -j LOG --log-prefix "nat "
iptables -P FORWARD ACCEPT
ip netns exec c2 ping -c 2 -i 0.2 172.17.0.3
iptables -t mangle -P FORWARD DROP
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
for t in raw mangle nat filter security; do iptables -t $t -nvL; done
sysctl -qw net.bridge.bridge-nf-call-iptables=0
ip netns exec c2 ping -c 1 172.17.0.3
ip netns exec c2 ping -c 1 172.17.0.1
