p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set lo up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
ip netns add ext; ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns ext address 02:00:00:00:01:02; ip link set eth1 up; ip addr add 10.0.0.1/24 dev eth1; ip -n ext link set lo up; ip -n ext link set eth0 up; ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add 172.17.0.0/16 via 10.0.0.1
# refusals and errors of every kind on the way of a packet, as ping sees them; pauses keep the rate limit away
ip link add d0 type dummy; ip addr add 10.9.0.1/16 dev d0; ip link set d0 up
for kind in icmp-net-unreachable icmp-host-unreachable icmp-proto-unreachable icmp-port-unreachable icmp-net-prohibited icmp-host-prohibited icmp-admin-prohibited; do
iptables -F FORWARD; iptables -A FORWARD -j REJECT --reject-with $kind; sleep 2
p ip netns exec c1 ping -c 1 -W 1 10.9.9.9
done
iptables -F; sleep 2
iptables -A OUTPUT -p icmp -j REJECT
p ping -c 1 -W 1 172.17.0.2
iptables -F; iptables -A OUTPUT -p icmp -j DROP
p ping -c 1 -W 1 172.17.0.2
iptables -F; sleep 2
sleep 2
p ip netns exec c1 ping -c 1 -I 172.17.0.2 -W 1 -n 10.0.0.2
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
iptables -t mangle -A FORWARD -j MARK --set-mark 7
p ip netns exec c1 ping -c 2 -i 0.3 -s 100 10.0.0.2
iptables -t nat -nvL POSTROUTING; iptables -t mangle -nvxL FORWARD --line-numbers
p ip netns exec c1 ping -c 1 -W 1 -t 2 10.0.0.2
p ping -b -c 1 -W 1 172.17.255.255
ip netns exec c1 sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
ip netns exec c2 sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
p ping -b -c 2 -i 0.2 -W 1 172.17.255.255
ip route get 10.0.0.2; ip route get 10.0.0.2 from 172.17.0.2 iif br0
ip -n ext neigh; ip -n c1 neigh | sort
