ip link add br0 address 02:4e:46:00:00:01 type bridge mcast_snooping 0
ip addr add 172.20.0.1/16 dev br0
ip link set br0 up
ip netns add c03
ip netns exec c03 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add v03 type veth peer name eth0 netns c03 address 02:42:ac:14:00:03
ip link set v03 master br0 up
ip -n c03 link set eth0 up
ip -n c03 addr add 172.20.0.3/16 dev eth0
iptables -A INPUT -p tcp -j REJECT
ip netns exec c03 nc -k -l -p 80 > /dev/null &
sleep 0.2
nc -z -w 4 172.20.0.3 80
iptables -nvL INPUT
