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
# addresses come and go
ip addr add 10.1.0.11/24 dev br0; ip addr add 10.1.0.12/24 dev br0; ip addr add 10.9.0.1/24 dev br0
ip addr show br0; ip route show table local dev br0; ip route
ip addr del 10.1.0.11/24 dev br0; ip addr show br0 | grep inet
iptables -A OUTPUT -p icmp -j LOG
ping -c 1 -W 1 10.1.0.2
ping -c 1 -W 1 -I 10.1.0.12 10.1.0.2
ping -c 1 -W 1 -I 10.9.0.1 10.1.0.2
ip addr del 10.1.0.1/24 dev br0; ip addr show br0 | grep inet; ip route
ping -c 1 -W 1 10.1.0.2
sysctl -w net.ipv4.conf.all.promote_secondaries=1
ip addr add 10.1.0.1/24 dev br0; ip addr add 10.1.0.12/24 dev br0
ip addr del 10.1.0.1/24 dev br0; ip addr show br0 | grep inet; ip route
ip netns exec c2 ping -c 1 -W 1 10.1.0.12
ip addr replace 10.1.0.1/24 dev br0; ip addr change 10.9.0.1/24 dev br0
ip addr add 10.1.0.50/32 dev lo; ip netns exec c2 ping -c 1 -W 1 10.1.0.50
ip addr add 0.0.0.0/24 dev br0; ip addr add 224.1.1.1/24 dev br0; ip addr add 255.255.255.255/32 dev br0; ip addr add 127.0.0.9/8 dev lo
ip -4 -o addr | awk '{print $2,$4}'
ip addr flush dev br0; ip addr show br0; ip route
ip addr flush to 10.1.0.50; ip addr show lo
ip addr add 10.1.0.1/24 broadcast 10.1.0.255 scope link dev br0; ip addr show br0 | grep inet
ip addr add 10.1.0.1 dev br0; ip addr show br0 | grep inet
ip addr del 10.1.0.1 dev br0; ip addr show br0 | grep inet
