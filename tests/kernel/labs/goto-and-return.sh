ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -N web
iptables -N web-log
iptables -A web-log -m limit --limit 1/s -j LOG --log-prefix "web: " --log-tcp-options --log-tcp-sequence --log-uid
iptables -A web-log -j RETURN
iptables -A web -p tcp --dport 80 -j web-log
iptables -A web -p tcp --dport 80 -g fin
iptables -N fin
iptables -A web -p tcp --dport 80 -g fin
iptables -A web -j LOG --log-prefix "after goto "
iptables -A fin -p tcp --tcp-flags SYN,ACK,FIN,RST SYN -m comment --comment "first packets" -j RETURN
iptables -A fin -j ACCEPT
iptables -A INPUT -i docker0 -j web
iptables -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
iptables -t raw -A PREROUTING -p tcp -j TRACE
nc -l 80 > /dev/null &
sleep 0.3
echo GET | ip netns exec c1 nc -N -w 2 172.17.0.1 80
ip netns exec c1 nc -z -w 2 172.17.0.1 81
iptables -L -nv --line-numbers
iptables -S
iptables -L web -n
iptables -D INPUT 1; iptables -F web; iptables -X web; iptables -nL
