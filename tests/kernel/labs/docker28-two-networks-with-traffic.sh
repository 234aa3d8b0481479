# Docker 28.2: two networks, a TCP and a UDP port published, asked from outside, across and from within.
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n c1 link set lo up
ip link add vc1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set vc1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n c2 link set lo up
ip link add vc2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set vc2 master docker0 up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ip link add br1 address 02:42:7d:44:55:66 type bridge mcast_snooping 0
ip addr add 172.18.0.1/16 dev br1
ip link set br1 up
ip netns add d1
ip netns exec d1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n d1 link set lo up
ip link add vd1 type veth peer name eth0 netns d1 address 02:42:ac:12:00:02
ip link set vd1 master br1 up
ip -n d1 link set eth0 up
ip -n d1 addr add 172.18.0.2/16 dev eth0
ip -n d1 route add default via 172.18.0.1
ip netns add gw
ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n gw link set lo up
ip link add eth0 address 02:00:00:00:01:0a type veth peer name lan netns gw address 02:00:00:00:01:01
ip addr add 192.168.1.10/24 dev eth0
ip link set eth0 up
ip -n gw addr add 192.168.1.1/24 dev lan
ip -n gw link set lan up
ip netns exec gw sysctl -qw net.ipv4.ip_forward=1
ip route add default via 192.168.1.1
ip netns add wan
ip netns exec wan sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n wan link set lo up
ip link add wan0 netns gw address 02:00:00:00:02:01 type veth peer name eth0 netns wan address 02:00:00:00:02:64
ip -n gw addr add 203.0.113.1/24 dev wan0
ip -n gw link set wan0 up
ip -n wan addr add 203.0.113.100/24 dev eth0
ip -n wan link set eth0 up
ip -n wan route add default via 203.0.113.1
ip -n gw route add 172.16.0.0/12 via 192.168.1.10
iptables -t nat -N DOCKER
iptables -N DOCKER
iptables -N DOCKER-ISOLATION-STAGE-1
iptables -N DOCKER-ISOLATION-STAGE-2
iptables -P FORWARD DROP
iptables -N DOCKER-FORWARD
iptables -N DOCKER-BRIDGE
iptables -N DOCKER-CT
iptables -A DOCKER-FORWARD -j DOCKER-CT
iptables -A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
iptables -A DOCKER-FORWARD -j DOCKER-BRIDGE
iptables -I FORWARD -j DOCKER-FORWARD
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
iptables -N DOCKER-USER
iptables -A DOCKER-USER -j RETURN
iptables -I FORWARD -j DOCKER-USER
iptables -t nat -I POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables -t nat -I DOCKER -i docker0 -j RETURN
iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
iptables -I DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
iptables -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A DOCKER-BRIDGE -o docker0 -j DOCKER
iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT
iptables -A DOCKER ! -i docker0 -o docker0 -j DROP
iptables -t nat -I POSTROUTING -s 172.18.0.0/16 ! -o br1 -j MASQUERADE
iptables -t nat -I DOCKER -i br1 -j RETURN
iptables -A DOCKER-ISOLATION-STAGE-1 -i br1 ! -o br1 -j DOCKER-ISOLATION-STAGE-2
iptables -I DOCKER-ISOLATION-STAGE-2 -o br1 -j DROP
iptables -A DOCKER-CT -o br1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A DOCKER-BRIDGE -o br1 -j DOCKER
iptables -A DOCKER-FORWARD -i br1 -j ACCEPT
iptables -A DOCKER ! -i br1 -o br1 -j DROP
iptables -t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
iptables -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
iptables -I DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
iptables -t raw -A PREROUTING -d 172.18.0.2/32 ! -i br1 -j DROP
iptables -t nat -A DOCKER ! -i br1 -p udp -m udp --dport 5300 -j DNAT --to-destination 172.18.0.2:53
iptables -I DOCKER -d 172.18.0.2/32 ! -i br1 -o br1 -p udp -m udp --dport 53 -j ACCEPT
iptables -t raw -A PREROUTING  -j TRACE
iptables -t raw -A OUTPUT  -j TRACE
ip netns exec c1 nc -l -k 80 > /dev/null &
ip netns exec d1 nc -u -l 53 > /dev/null &
sleep 0.4
echo a | ip netns exec wan nc -N -w 2 192.168.1.10 8080
sleep 0.3
ip netns exec wan sh -c 'echo q | nc -u -w 1 192.168.1.10 5300'
ip netns exec c1 ping -c 1 -W 1 172.18.0.2
ip netns exec d1 ping -c 1 172.18.0.1
ip netns exec d1 ping -c 1 172.17.0.1
ip netns exec c2 ping -c 1 172.17.0.2
ip netns exec c2 ping -c 1 203.0.113.100
ip netns exec wan ping -c 1 -W 1 172.17.0.3
ip netns exec d1 nc -z -v -w 2 172.17.0.1 8080
iptables -nvL --line-numbers
iptables -t nat -nvL --line-numbers
iptables-save -c
conntrack -L
