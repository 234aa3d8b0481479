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
# the host sends redirects; c2's gateway is the host, the target is behind c3 on the same link
ip -n c3 addr add 172.31.0.1/32 dev lo; ip netns exec c3 sysctl -qw net.ipv4.ip_forward=1
ip route add 172.31.0.0/16 via 10.1.0.3
iptables -A FORWARD -j LOG --log-prefix "fw "
iptables -A OUTPUT -p icmp -j LOG --log-prefix "out "
ebtables -A OUTPUT -p ipv4 --log-ip --log-prefix "EO"
ip netns exec c2 ping -c 1 -W 1 172.31.0.1
ip netns exec c2 ip route get 172.31.0.1
ip netns exec c2 ping -c 1 -W 1 172.31.0.1
ip netns exec c2 ip route flush cache
ip netns exec c2 sysctl -w net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.eth0.accept_redirects=0
ip netns exec c2 ping -c 2 -i 0.3 -W 1 172.31.0.2
ip netns exec c2 ip route get 172.31.0.2
sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.br0.send_redirects=0
ip netns exec c4 ping -c 1 -W 1 172.31.0.1
ip netns exec c4 ip route get 172.31.0.1
iptables -nvL
