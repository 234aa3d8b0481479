ip netns add r; ip netns add srv
for n in r srv; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 address 02:00:00:00:01:01 type veth peer name eth0 netns r address 02:00:00:00:01:02
ip addr add 10.0.1.1/24 dev eth0; ip link set eth0 up
ip -n r addr add 10.0.1.2/24 dev eth0; ip -n r link set eth0 up; ip -n r link set lo up
ip -n r link add eth1 address 02:00:00:00:02:01 type veth peer name eth0 netns srv address 02:00:00:00:02:02
ip -n r addr add 10.0.2.1/24 dev eth1; ip -n r link set eth1 up
ip -n srv addr add 10.0.2.2/24 dev eth0; ip -n srv link set eth0 up; ip -n srv link set lo up
ip -n srv route add default via 10.0.2.1
ip route add 10.0.2.0/24 via 10.0.1.2
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
# ICMP errors' own way out: OUTPUT, mangle, nat, marks; error about an error; rate limit; from the wrong side
ip netns exec r iptables -t mangle -A OUTPUT -p icmp -j MARK --set-mark 1
ip netns exec r iptables -t raw -A OUTPUT -j TRACE
ip netns exec r iptables -t nat -A POSTROUTING -j LOG --log-prefix "r:nat "
ip netns exec r iptables -A OUTPUT -p icmp --icmp-type time-exceeded -j LOG --log-prefix "r:ttl "
iptables -A INPUT -p icmp -m conntrack --ctstate RELATED -j LOG --log-prefix "rel "
iptables -A INPUT -p icmp --icmp-type host-unreachable -j DROP
ping -c 1 -W 1 -t 1 10.0.2.2
ping -c 1 -W 4 10.0.2.50
ip netns exec r ip route add unreachable 10.0.3.0/24
ip route add 10.0.3.0/24 via 10.0.1.2
ping -c 2 -i 0.2 -W 1 10.0.3.1
iptables -F INPUT
ping -c 3 -i 0.2 -W 1 10.0.3.1
ip netns exec r sysctl -w net.ipv4.icmp_ratelimit=1000
ping -c 3 -i 0.2 -W 1 10.0.3.1
ip netns exec r sysctl -w net.ipv4.icmp_ratemask=0
ping -c 3 -i 0.2 -W 1 10.0.3.1
ip netns exec r sysctl -w net.ipv4.icmp_errors_use_inbound_ifaddr=1
ip netns exec r ip addr add 10.0.1.22/24 dev eth0
ping -c 1 -W 1 10.0.3.1
echo hi | nc -u -w 1 10.0.2.2 777
nc -w 2 10.0.3.3 80; echo $?
nc -v -w 2 10.0.2.2 81; echo $?
iptables -nvL INPUT
ip netns exec r iptables -nvL OUTPUT
