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
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
iptables-restore -c <<'X'
*filter
:INPUT ACCEPT [10:1000]
:FORWARD ACCEPT [20:2000]
:OUTPUT ACCEPT [30:3000]
:A - [0:0]
[5:500] -A FORWARD -p icmp -j A
[6:600] -A A -s 172.17.0.2/32 -j LOG --log-prefix "A "
[7:700] -A A -m physdev --physdev-in veth3 -j RETURN
-A A -p icmp -m icmp --icmp-type 0 -j ACCEPT
COMMIT
X
ip netns exec c2 ping -c 2 -i 0.2 172.17.0.3
iptables-save -c | grep -v '^#'
iptables -Z FORWARD 1; iptables-save -c | grep -v '^#'
ip netns exec c2 ping -c 1 172.17.0.3
iptables -I A 2 -j RETURN
iptables -R A 1 -s 172.17.0.3 -j LOG --log-prefix "R "
ip netns exec c2 ping -c 1 172.17.0.3
iptables -D A -j RETURN; iptables -N B; iptables -A B -j A; iptables -R FORWARD 1 -g B
ip netns exec c2 ping -c 1 172.17.0.3
iptables -E A AA; iptables -P FORWARD DROP
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
iptables-save -c | grep -v '^#'; iptables -nvL --line-numbers
