# ping and requests longer than its way out: an interval asleep after each, and with -q not even an error.
ip netns add c1
ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add v1 address 02:00:00:00:00:01 type veth peer name eth0 netns c1 address 02:00:00:00:00:02
ip addr add 10.0.0.1/24 dev v1
ip link set v1 up
ip -n c1 link set eth0 up
ip -n c1 addr add 10.0.0.2/24 dev eth0
ip link set v1 mtu 1200
ping -c 1 -i 2 -M do -s 1300 10.0.0.2 && echo answered &
sleep 1
echo then
wait
ping -c 2 -i 0.3 -M do -s 1300 10.0.0.2
ping -q -c 1 -W 2 -M do -s 1300 10.0.0.2
ping -w 3 -M do -s 1300 10.0.0.2
echo $?
iptables -A OUTPUT -p icmp -m length --length 0:1000 -j ACCEPT
iptables -A INPUT -p icmp -m limit --limit 30/minute --limit-burst 1 -j LOG --log-prefix "in "
ping -c 1 10.0.0.2
ping -c 1 -M do -s 1300 10.0.0.2
ping -c 1 10.0.0.2
ping -c 2 -M do -s 1300 10.0.0.2
ping -c 1 10.0.0.2
iptables -nvL
