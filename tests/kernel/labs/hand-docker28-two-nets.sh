ip netns add ext
ip link add eth0 type veth peer name eth0 netns ext
ip addr add 192.168.9.1/24 dev eth0
ip link set eth0 up
ip -n ext addr add 192.168.9.2/24 dev eth0
ip -n ext link set eth0 up
ip -n ext link set lo up
ip link add docker0 address 02:42:00:00:aa:01 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add vethc1 type veth peer name eth0 netns c1 address 02:42:00:00:aa:02
ip link set vethc1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 link set lo up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add vethc2 type veth peer name eth0 netns c2 address 02:42:00:00:aa:03
ip link set vethc2 master docker0 up
ip -n c2 link set eth0 up
ip -n c2 link set lo up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ip link add br-1111 address 02:42:00:00:bb:01 type bridge
ip addr add 172.18.0.1/16 dev br-1111
ip link set br-1111 up
ip netns add d1
ip link add vethd1 type veth peer name eth0 netns d1 address 02:42:00:00:bb:02
ip link set vethd1 master br-1111 up
ip -n d1 link set eth0 up
ip -n d1 link set lo up
ip -n d1 addr add 172.18.0.2/16 dev eth0
ip -n d1 route add default via 172.18.0.1
sleep 2.5
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
iptables -I FORWARD -j DOCKER-USER
iptables -t nat -I POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables -t nat -I DOCKER -i docker0 -j RETURN
iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
iptables -I DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
iptables -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A DOCKER-BRIDGE -o docker0 -j DOCKER
iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT
iptables -A DOCKER ! -i docker0 -o docker0 -j DROP
iptables -t nat -I POSTROUTING -s 172.18.0.0/16 ! -o br-1111 -j MASQUERADE
iptables -t nat -I DOCKER -i br-1111 -j RETURN
iptables -A DOCKER-ISOLATION-STAGE-1 -i br-1111 ! -o br-1111 -j DOCKER-ISOLATION-STAGE-2
iptables -I DOCKER-ISOLATION-STAGE-2 -o br-1111 -j DROP
iptables -A DOCKER-CT -o br-1111 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A DOCKER-BRIDGE -o br-1111 -j DOCKER
iptables -A DOCKER-FORWARD -i br-1111 -j ACCEPT
iptables -A DOCKER ! -i br-1111 -o br-1111 -j DROP
iptables -t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
iptables -t raw -A PREROUTING -d 172.17.0.3/32 ! -i docker0 -j DROP
iptables -t raw -A PREROUTING -d 172.18.0.2/32 ! -i br-1111 -j DROP
iptables -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
iptables -I DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
iptables -t nat -A DOCKER ! -i br-1111 -p udp -m udp --dport 5353 -j DNAT --to-destination 172.18.0.2:53
iptables -I DOCKER -d 172.18.0.2/32 ! -i br-1111 -o br-1111 -p udp -m udp --dport 53 -j ACCEPT
iptables -t raw -A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8181 -j DROP
iptables -t nat -A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 8181 -j DNAT --to-destination 172.17.0.3:81
iptables -I DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 81 -j ACCEPT
iptables -t raw -I PREROUTING -p tcp -j TRACE
iptables -t raw -I OUTPUT -p tcp -j TRACE
iptables -t raw -I PREROUTING -p udp -j TRACE
iptables -t raw -I PREROUTING -p icmp -j TRACE
ip -n ext route add 172.17.0.0/16 via 192.168.9.1
ip -n ext route add 172.18.0.0/16 via 192.168.9.1
ip netns exec c1 nc -lk 80 > /tmp/c1 &
ip netns exec d1 nc -u -lk 53 > /tmp/d1 &
sleep 0.3
ip netns exec c1 ping -c 1 -e 1 172.17.0.3
ip netns exec c1 ping -c 1 -e 2 -W 1 172.18.0.2
ip netns exec c1 ping -c 1 -e 3 172.18.0.1
ip netns exec c1 ping -c 1 -e 4 192.168.9.2
ping -c 1 -e 5 172.17.0.2
echo a | ip netns exec c1 nc -u -w 1 -p 4001 192.168.9.1 5353
echo b | ip netns exec d1 nc -N -w 2 -p 4002 192.168.9.1 8080
iptables -I DOCKER-USER -s 192.168.9.2 -j REJECT
echo c | ip netns exec ext nc -N -w 2 -p 4003 192.168.9.1 8080
iptables -D DOCKER-USER 1
iptables -t raw -D PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
(echo d | ip netns exec ext nc -N -w 3 -p 4004 172.17.0.2 80) &
sleep 2
cat /tmp/c1 /tmp/d1
iptables-save -c
conntrack -L -p udp
