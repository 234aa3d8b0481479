ip link add br0 address 02:00:00:00:00:b0 type bridge mcast_snooping 0
ip link add br1 address 02:00:00:00:00:b1 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0
ip addr add 10.2.0.1/24 dev br1
ip link set br0 up
ip link set br1 up
for n in 1 2 3; do
ip netns add a$n
ip link add va$n type veth peer name eth0 netns a$n address 02:00:00:00:0a:0$n
ip link set va$n master br0 up
ip netns exec a$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n a$n link set lo up
ip -n a$n link set eth0 up
ip -n a$n addr add 10.1.0.1$n/24 dev eth0
ip -n a$n route add default via 10.1.0.1
done
for n in 1 2; do
ip netns add b$n
ip link add vb$n type veth peer name eth0 netns b$n address 02:00:00:00:0b:0$n
ip link set vb$n master br1 up
ip netns exec b$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n b$n link set lo up
ip -n b$n link set eth0 up
ip -n b$n addr add 10.2.0.1$n/24 dev eth0
ip -n b$n route add default via 10.2.0.1
done
# ebtables chains: policies of user chains, RETURN, CONTINUE, marks, insert in the middle
ebtables -N icmp -P RETURN
ebtables -N other -P DROP
ebtables -A FORWARD -p ipv4 --ip-proto icmp -j icmp
ebtables -A FORWARD -p arp -j ACCEPT
ebtables -A FORWARD -p ipv4 -j other
ebtables -A icmp --log --log-ip --log-prefix icmp1 -j CONTINUE
ebtables -A icmp -s 02:00:00:00:0a:01 -j mark --mark-set 0x11 --mark-target CONTINUE
ebtables -A icmp --mark 0x11 --log --log-ip --log-prefix marked -j RETURN
ebtables -A icmp -j ACCEPT
ebtables -A other -p ipv4 --ip-proto udp --ip-dport 53:60 --log --log-ip --log-prefix dns -j ACCEPT
iptables -A FORWARD -m mark --mark 0x11 -j LOG --log-prefix "ipt-marked "
iptables -A FORWARD -m physdev --physdev-is-bridged -j LOG --log-prefix "bridged "
ip netns exec a1 ping -c 1 -W 1 10.1.0.12
echo rc $?
ip netns exec a2 ping -c 1 -W 1 10.1.0.13
echo rc $?
ip netns exec a3 sh -c 'nc -u -l -p 53 -W 1 & sleep 0.3'
ip netns exec a2 sh -c 'echo q | nc -u -w 1 10.1.0.13 53'
ip netns exec a2 sh -c 'echo q | nc -u -w 1 10.1.0.13 61'
ebtables -P other ACCEPT
ebtables -I icmp 2 -i va2 -j DROP
ip netns exec a2 ping -c 1 -W 1 10.1.0.13
echo rc $?
ip netns exec a1 ping -c 1 -W 1 10.1.0.12
ebtables -D FORWARD 3
ebtables -X other
echo rc $?
ebtables -E icmp ping
ebtables -L ping --Ln
ebtables -X ping
echo rc $?
ebtables -P FORWARD DROP
ip netns exec a1 ping -c 1 -W 1 10.1.0.12
ip netns exec a1 ping -c 1 -W 1 10.1.0.1
ebtables -Z FORWARD
ebtables -C ping 1 100 2000 -i va2 -j DROP
for t in raw mangle nat filter; do iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show
ip neigh
conntrack -L
