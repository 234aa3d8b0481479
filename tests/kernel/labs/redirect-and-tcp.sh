ip link add br0 address 02:4e:46:00:00:01 type bridge mcast_snooping 0
ip addr add 172.20.0.1/16 dev br0
ip addr add 172.28.0.1/24 dev br0
ip link set br0 up
for n in 2 3; do
ip netns add c$n
ip netns exec c$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add v$n type veth peer name eth0 netns c$n address 02:42:ac:14:00:0$n
ip link set v$n master br0 up
ip -n c$n link set eth0 up
ip -n c$n addr add 172.20.0.$n/16 dev eth0
ip -n c$n route add default via 172.20.0.1
done
ip -n c3 addr add 172.28.0.2/24 dev eth0
ip netns exec c2 sysctl net.ipv4.conf.all.accept_redirects net.ipv4.conf.eth0.accept_redirects net.ipv4.conf.eth0.forwarding
ip netns exec c2 nc -z -w 2 172.28.0.2 81
ip -n c2 neigh
ip -n c2 route get 172.28.0.2
ip netns exec c2 nc -u -z -w 2 172.28.0.2 81
ip -n c2 neigh
ip -n c2 route get 172.28.0.2
sleep 1
ip netns exec c2 ping -c 1 172.28.0.2 > /dev/null
ip -n c2 neigh
ip -n c2 route get 172.28.0.2
ip netns exec c2 ping -c 2 172.28.0.2 > /dev/null
ip -n c2 neigh
ip -n c2 route get 172.28.0.2
