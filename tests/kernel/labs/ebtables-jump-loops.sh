ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0; ip link set br0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set lo up
ip -n c$i link set eth0 up
ip -n c$i addr add 10.1.0.$i/24 dev eth0
ip -n c$i route add default via 10.1.0.1
done
# jump loops, self jumps and unreachable chains
ebtables -N A; ebtables -N B
ebtables -A A -j B
ebtables -A B -j A
echo $?
ebtables -L
ebtables -A FORWARD -j A
echo $?
ebtables -L FORWARD
ebtables -A B -j B; echo $?
ebtables -A FORWARD -p ip6 -j DROP
ebtables -D FORWARD -j B; echo $?
ebtables -X; echo $?
ebtables -L | grep chain
ebtables -F; ebtables -X; ebtables -L | grep chain
ebtables -N C -P DROP
ebtables -A FORWARD -i veth2 -j C
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ebtables -P C RETURN
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ebtables -L --Lc
ebtables -t nat -N D; ebtables -t nat -A D -j snat --to-source 02:aa:aa:aa:aa:aa
ebtables -t nat -A PREROUTING -j D; echo $?
ebtables -t nat -A POSTROUTING -j D; echo $?
ebtables -t nat -A D -j redirect; echo $?
ebtables -t nat -L
