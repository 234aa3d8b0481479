# host --(10.0.1.0/24)-- r --(10.0.2.0/24)-- srv
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
iptables -A OUTPUT -j LOG
iptables -A INPUT -m conntrack --ctstate RELATED -j LOG --log-prefix "rel "
ip route add unreachable 10.5.0.0/16
ip route add prohibit 10.6.0.0/16
ip route add blackhole 10.7.0.0/16
ip route add throw 10.8.0.0/16
for d in 5 6 7 8; do ping -c 1 -W 1 10.$d.0.1; echo $?; done
ip route get 10.5.0.1; ip route get 10.6.0.1; ip route get 10.7.0.1; ip route get 10.8.0.1
ip route
ip route add 10.5.1.0/24 via 10.99.0.1
ip route add 10.5.1.0/24 dev nosuch
ip route add 10.0.2.0/24 via 10.0.1.2
ip route del 10.66.0.0/16
ip route replace 10.0.2.0/24 via 10.0.1.2 metric 50
ip route append 10.0.2.0/24 via 10.0.1.3
ip route change 10.0.2.0/24 via 10.0.1.9
ip route show 10.0.2.0/24
ip route show root 10.0.0.0/8
ip route show match 10.0.2.9
ip route list exact 10.0.2.0/24
ip route show dev eth0
ip route show proto kernel
ip route show type unreachable
ip route flush 10.0.2.0/24
ip ro
ip r l table main
ip route show table all | grep -v fe80 | grep -v ff00
ip route del default
