# two bridges, the host routes between
ip link add br-a type bridge mcast_snooping 0; ip link add br-b type bridge mcast_snooping 0
ip addr add 10.10.0.1/24 dev br-a; ip addr add 10.20.0.1/24 dev br-b
ip link set br-a up; ip link set br-b up
for x in a b; do
  for n in 2 3; do
    ip netns add $x$n; ip netns exec $x$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip link add v$x$n type veth peer name eth0
    ip link set eth0 netns $x$n
    ip link set v$x$n master br-$x
    ip link set v$x$n up
    ip -n $x$n link set eth0 address 02:00:00:$x$x:00:0$n up
  done
done
ip -n a2 addr add 10.10.0.2/24 dev eth0; ip -n a3 addr add 10.10.0.3/24 dev eth0
ip -n b2 addr add 10.20.0.2/24 dev eth0; ip -n b3 addr add 10.20.0.3/24 dev eth0
for n in a2 a3; do ip -n $n r add default via 10.10.0.1; done
for n in b2 b3; do ip -n $n r add default via 10.20.0.1; done
iptables -t raw -I PREROUTING -p icmp -j TRACE
ebtables -A OUTPUT --log --log-prefix EBOUT
ip netns exec a2 ping -c 1 10.20.0.3
sysctl net.bridge.bridge-nf-call-iptables=0
ip netns exec a2 ping -c 1 10.20.0.2
ip netns exec a2 ping -c 1 10.10.0.3
iptables -t raw -nvL
ip r g 10.20.0.3 from 10.10.0.2 iif br-a
