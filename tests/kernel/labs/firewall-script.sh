ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
iptables -N LOGDROP
iptables -A LOGDROP -m limit --limit 5/min -j LOG --log-prefix "drop: " --log-level 6
iptables -A LOGDROP -j DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A INPUT -p icmp --icmp-type echo-request -m limit --limit 1/second -j ACCEPT
iptables -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name SSH --rsource
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -j LOGDROP
iptables -P INPUT DROP
ip netns exec c1 ping -c 2 -i 0.5 172.17.0.1
ip netns exec c1 nc -zv -w 1 172.17.0.1 22
ip netns exec c1 nc -zv -w 1 172.17.0.1 23
ping -c 1 127.0.0.1
ping -c 1 172.17.0.2
iptables-save -c | grep -v '^#'
iptables -L -n --line-numbers
iptables -L INPUT 5 -nv
iptables-save -t nat; iptables-save -t foo; echo $?
iptables-save -M x > /dev/null; iptables --version; iptables -V; iptables-save -V
