ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip route add 10.55.0.0/16 via 172.17.0.2
ip route add 10.56.0.0/16 via 172.17.0.99
sysctl -w net.ipv4.conf.all.rp_filter=1
sysctl -w net.ipv4.conf.all.log_martians=1
sysctl -w net.ipv4.conf.docker0.log_martians=1
iptables -t raw -A PREROUTING -j LOG --log-prefix "raw "
ip -n c2 addr add 10.55.0.2/32 dev eth0
ip -n c2 addr add 10.77.0.2/32 dev eth0
ip netns exec c2 ping -c 1 -W 1 -I 10.55.0.2 172.17.0.1
ip netns exec c2 ping -c 1 -W 1 -I 10.77.0.2 172.17.0.1
ip netns exec c2 ping -c 1 -W 4 10.56.0.1
ip netns exec c2 ping -c 1 -W 1 10.57.0.1
ip netns exec c2 ping -c 1 -W 1 127.0.0.1
sysctl -w net.ipv4.ip_forward=0
ip netns exec c2 ping -c 1 -W 1 10.55.0.2
ip netns exec c2 ping -c 1 -W 1 10.56.0.2
ip netns exec c3 ping -c 1 -W 1 10.55.0.2
sysctl net.ipv4.conf.docker0.forwarding
