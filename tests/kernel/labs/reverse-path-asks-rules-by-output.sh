# rp_filter looks the way back up as it would come in by what the packet leaves by; marks, loose mode, no address.
ip netns add a
ip link add v1 address 02:00:00:00:00:01 type veth peer name e0 netns a
ip addr add 10.1.0.1/24 dev v1
ip link set v1 up
ip -n a link set lo up
ip -n a addr add 10.1.0.2/24 dev e0
ip -n a link set e0 up
ip netns add b
ip link add v2 address 02:00:00:00:00:02 type veth peer name e0 netns b
ip addr add 10.2.0.1/24 dev v2
ip link set v2 up
ip -n b link set lo up
ip -n b addr add 10.2.0.2/24 dev e0
ip -n b link set e0 up
ip -n a link set e0 address 02:00:00:00:00:0a
ip -n b link set e0 address 02:00:00:00:00:0b
ip -n a route add default via 10.1.0.1
ip -n b route add default via 10.2.0.1
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -A FORWARD -j LOG --log-prefix "f "
sysctl -qw net.ipv4.conf.all.log_martians=1
sysctl -qw net.ipv4.conf.v1.rp_filter=1
ip route add default via 10.2.0.2
ip route add default via 10.1.0.2 table 50
ip -n a addr add 172.16.0.5/32 dev lo
ping -c 1 10.1.0.2
ping -c 1 10.2.0.2
ip -n a neigh replace 10.1.0.1 lladdr 02:00:00:00:00:01 dev e0
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.2
ip rule add iif v1 lookup 50 pref 10
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
ip rule del iif v1 lookup 50 pref 10
ip rule add iif v2 lookup 50 pref 10
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.2
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
ip rule add iif lo lookup 50 pref 11
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
ip route get 10.2.0.1 from 172.16.0.5 iif v1
ip rule del pref 11
ip rule del pref 10
ip rule add fwmark 5 lookup 50 pref 12
iptables -t mangle -A PREROUTING -i v1 -j MARK --set-mark 5
ip route add 10.2.0.0/24 dev v2 table 50
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
sysctl -qw net.ipv4.conf.v1.src_valid_mark=1
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
sysctl -qw net.ipv4.conf.v1.src_valid_mark=0
sysctl -qw net.ipv4.conf.v1.rp_filter=2
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
ip route add 10.1.0.2 dev v1
ip addr del 10.1.0.1/24 dev v1
ip route add 10.1.0.2 dev v1
ip neigh replace 10.1.0.2 lladdr 02:00:00:00:00:0a dev v1
ip netns exec a ping -c 1 -W 1 -I 172.16.0.5 10.2.0.1
ip route get 10.2.0.1 from 10.1.0.2 iif v1
ip route get 10.2.0.1 from 172.16.0.5 iif v1
ip route get 10.2.0.1 from 10.2.0.1 iif v1
iptables -nvL
iptables -t raw -nvL
