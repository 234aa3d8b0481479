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
# vlan of user chains: jumps, returns, policies of user chains, multiple logs with levels
ebtables -N A -P RETURN
ebtables -N B -P DROP
ebtables -N C
ebtables -A A --log-level debug --log-prefix "A1" -j CONTINUE
ebtables -A A -p arp -j B
ebtables -A A --log-level 4 --log-prefix "A2" -j RETURN
ebtables -A B --log-level err --log-prefix "B1" --log-arp -j RETURN
ebtables -A C --log-prefix "C1" -j ACCEPT
ebtables -A FORWARD -i veth2 -j A
ebtables -A FORWARD --log-prefix "F2" -p ip -j CONTINUE
ebtables -A FORWARD -i veth3 -j C
ebtables -P FORWARD DROP
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ebtables -P FORWARD ACCEPT
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ebtables -L --Lc
ebtables -X A
ebtables -D FORWARD -i veth2 -j A
ebtables -X A
ebtables -X B
ebtables -L --Lx
ebtables -t filter -E C D
ebtables -L FORWARD --Ln
ebtables --init-table
ebtables -L
