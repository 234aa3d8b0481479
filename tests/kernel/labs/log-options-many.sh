ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -A INPUT -p tcp --tcp-flags ALL SYN -j LOG --log-prefix "S: " --log-tcp-sequence --log-tcp-options --log-ip-options --log-level debug
iptables -A INPUT -p udp -j LOG --log-level info --log-prefix 'UDP "x" '
iptables -A INPUT -m limit --limit 1/minute --limit-burst 1 -p icmp -j LOG --log-level 7
iptables -A INPUT -j NFLOG --nflog-group 5 --nflog-prefix "grp5"
iptables -A OUTPUT -j LOG --log-uid --log-macdecode --log-prefix "o "
ip netns exec c1 nc -z -w 1 172.17.0.1 22
echo x | ip netns exec c1 nc -u -w 1 172.17.0.1 22
ip netns exec c1 ping -c 2 -i .2 172.17.0.1
iptables -nvL; iptables -S; iptables -L
