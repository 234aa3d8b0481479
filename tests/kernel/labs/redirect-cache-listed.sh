# What a redirect taught stands in the cache until it is flushed; a probe with DF set does not ask what the path's MTU was.
ip link add br0 address 02:00:00:00:00:b0 type bridge mcast_snooping 0
ip link set br0 up; ip addr add 10.1.0.1/24 dev br0
for n in 1 2; do ip netns add a$n; ip netns exec a$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link add va$n type veth peer name eth0 netns a$n address 02:00:00:00:0a:0$n
ip link set va$n master br0 up; ip -n a$n link set lo up; ip -n a$n link set eth0 up; ip -n a$n addr add 10.1.0.1$n/24 dev eth0; ip -n a$n route add default via 10.1.0.1; done
ip netns exec a2 sysctl -w net.ipv4.ip_forward=1
ip -n a2 addr add 10.50.0.1/24 dev lo
ip -n a2 addr add 10.50.0.7/32 dev lo
ip route add 10.50.0.0/24 via 10.1.0.12
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec a1 ip route show cache
ip netns exec a1 ping -c 2 -i 0.4 10.50.0.1; echo rc $?
ip netns exec a1 ip route show cache
ip netns exec a1 ip route show cache 10.50.0.7
ip netns exec a1 ip route show cache 10.50.0.1
ip netns exec a1 ping -c 1 10.50.0.1; echo rc $?
ip netns exec a1 ip route show cache
ip netns exec a1 ip route show cache 10.50.0.7
ip netns exec a1 ip route show cache 10.50.0.1
ip netns exec a1 ip route get 10.50.0.1
ip netns exec a1 ip route flush cache
ip netns exec a1 ip route show cache; echo rc $?
ip route show cache; echo rc $?
ip netns exec a1 ping -c 1 -M probe 10.50.0.1; echo rc $?
sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.br0.send_redirects=0
iptables -A FORWARD -m length --length 1200: -j REJECT
iptables -A OUTPUT -p icmp --icmp-type redirect -j DROP
ip netns exec a1 traceroute -n -q 1 -N 1 -F 10.50.0.1 1000
ip netns exec a1 traceroute -n -q 1 -N 1 -F 10.50.0.1 1300
iptables -t raw -nvL; iptables -nvL
bridge fdb show br br0; conntrack -L
