sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1; ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add ext; ip netns exec ext sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables -N SSH
iptables -A INPUT -p tcp --dport 22 -m state --state NEW -j SSH
iptables -A SSH -m recent --name ssh --rcheck --seconds 30 --hitcount 3 -j LOG --log-prefix "brute "
iptables -A SSH -m recent --name ssh --rcheck --seconds 30 --hitcount 3 -j REJECT --reject-with tcp-reset
iptables -A SSH -m recent --name ssh --set -j ACCEPT
nc -lk 22 > /dev/null &
sleep .2
for i in 1 2 3 4 5; do ip netns exec ext nc -zv -w 1 10.0.0.1 22; done
ip netns exec c1 nc -zv -w 1 172.17.0.1 22
iptables -nvL SSH
iptables -L SSH -v --line-numbers
