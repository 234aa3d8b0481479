# forwarding switched interface by interface, accept_local, rp_filter loose and strict
ip netns add a; ip netns add b
for n in a b; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip link add va address 02:00:00:00:0a:01 type veth peer name eth0 netns a address 02:00:00:00:0a:02
ip link add vb address 02:00:00:00:0b:01 type veth peer name eth0 netns b address 02:00:00:00:0b:02
ip addr add 10.0.10.1/24 dev va; ip addr add 10.0.11.1/24 dev vb; ip link set va up; ip link set vb up
ip -n a link set eth0 up; ip -n b link set eth0 up; ip -n a addr add 10.0.10.2/24 dev eth0; ip -n b addr add 10.0.11.2/24 dev eth0
ip -n a route add default via 10.0.10.1; ip -n b route add default via 10.0.11.1
iptables -t raw -A PREROUTING -p icmp -j TRACE
ip netns exec a ping -c 1 -W 1 10.0.11.2
sysctl -w net.ipv4.conf.va.forwarding=0
ip netns exec a ping -c 1 -W 1 10.0.11.2
ip netns exec b ping -c 1 -W 1 10.0.10.2
ip netns exec a ping -c 1 -W 1 10.0.11.1
sysctl -w net.ipv4.conf.va.forwarding=1 net.ipv4.conf.vb.forwarding=0
ip netns exec a ping -c 1 -W 1 10.0.11.2
sysctl -w net.ipv4.ip_forward=0; sysctl net.ipv4.conf.va.forwarding net.ipv4.conf.default.forwarding
sysctl -w net.ipv4.ip_forward=1; sysctl net.ipv4.conf.vb.forwarding
ip -n a addr add 10.0.12.2/24 dev eth0
sysctl -w net.ipv4.conf.va.rp_filter=1; ip netns exec a ping -c 1 -W 1 -I 10.0.12.2 10.0.11.2
sysctl -w net.ipv4.conf.va.rp_filter=2; ip netns exec a ping -c 1 -W 1 -I 10.0.12.2 10.0.11.2
ip route add 10.0.12.0/24 via 10.0.11.2
ip netns exec a ping -c 1 -W 1 -I 10.0.12.2 10.0.11.2
sysctl -w net.ipv4.conf.va.rp_filter=1; ip netns exec a ping -c 1 -W 1 -I 10.0.12.2 10.0.11.2
ip route get 10.0.11.2 from 10.0.12.2 iif va; ip route get 10.0.11.2 from 10.0.10.2 iif va; ip route get 10.0.10.1 from 10.0.10.2 iif va
ip route replace 10.0.12.0/24 via 10.0.10.2
ip netns exec a ping -c 1 -W 1 -I 10.0.12.2 10.0.11.2
ip route get 10.0.11.2 from 10.0.12.2 iif va
ip route get 10.0.10.255 from 10.0.10.2 iif va; ip route get 9.9.9.9 from 10.0.10.2 iif va; ip route get 127.0.0.1 from 10.0.10.2 iif va
