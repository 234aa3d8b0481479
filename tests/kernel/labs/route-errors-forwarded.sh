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
# blackhole, unreachable, prohibit, throw seen by forwarded and local traffic; then rules
ip netns exec r iptables -t raw -A PREROUTING -j LOG --log-prefix "r "
for k in blackhole unreachable prohibit throw; do
ip netns exec r ip route add $k 10.0.9.0/24
ip route replace 10.0.9.0/24 via 10.0.1.2
ping -c 1 -W 1 10.0.9.9
ip netns exec r ping -c 1 -W 1 10.0.9.9
ip netns exec r ip route get 10.0.9.9
ip netns exec r ip route get 10.0.9.9 from 10.0.1.1 iif eth0
ip netns exec r ip route show 10.0.9.0/24
ip netns exec r ip route del $k 10.0.9.0/24
done
sleep 7
ip netns exec r ip rule add from 10.0.1.1 to 10.0.2.2 prohibit
ping -c 1 -W 1 10.0.2.2
ip netns exec r ip rule del prohibit
sleep 3
ip netns exec r ip rule add iif eth0 blackhole
ping -c 1 -W 1 10.0.2.2
ip netns exec r ip rule del iif eth0 blackhole
sleep 3
ip netns exec r ip rule add from all fwmark 5 table 7
ip netns exec r ip route add unreachable default table 7
ip netns exec r iptables -t mangle -A PREROUTING -p icmp -j MARK --set-mark 5
ping -c 1 -W 1 10.0.2.2
ip netns exec r ip rule; ip netns exec r ip route show table 7
ip netns exec r ip route del unreachable default table 7
ping -c 1 -W 1 10.0.2.2
ip netns exec r ip route add local 10.0.9.0/24 dev lo
ip route replace 10.0.9.0/24 via 10.0.1.2
ping -c 1 -W 1 10.0.9.77
ip netns exec r ip route get 10.0.9.77
ip route add local 10.44.0.0/16 dev lo
ping -c 1 -W 1 10.44.3.3
ip route add 10.45.0.0/16 dev lo
ping -c 1 -W 1 10.45.3.3
