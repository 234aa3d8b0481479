# The article's experiment: two containers on docker0, a host with a LAN behind eth0, and every step of a ping logged.
# netlab run --kernel 4.4 --log prints the article's 88 lines in its order, and between them those of the packets that
# the article leaves out (its pings send three requests and it shows one or two).

# The machine: eth0 in a LAN; 10.28.61.30 is seven routers away, so its answers arrive with TTL 57.
ip link add eth0 address 00:16:3e:06:3a:3a type veth peer name lan
ip addr add 10.171.77.0/21 brd 10.171.79.255 dev eth0
ip link set eth0 up
hops="r1 r2 r3 r4 r5 r6 r7 far"
for name in $hops; do
  ip netns add $name
  ip netns exec $name sysctl -q -w net.ipv4.ip_forward=1
done
ip link set lan netns r1
ip -n r1 link set lan address 00:2a:6a:aa:12:7c
ip -n r1 addr add 10.171.79.254/21 dev lan
ip -n r1 link set lan up
before=r1 number=1
for name in r2 r3 r4 r5 r6 r7 far; do
  ip -n $before link add south type veth peer name north netns $name
  ip -n $before addr add 10.0.$number.1/24 dev south
  ip -n $before link set south up
  ip -n $name addr add 10.0.$number.2/24 dev north
  ip -n $name link set north up
  ip -n $name route add default via 10.0.$number.1
  ip -n $before route add 10.28.61.30 via 10.0.$number.2
  before=$name number=$((number + 1))
done
ip -n far link set lo up
ip -n far addr add 10.28.61.30/32 dev lo
ip route add default via 10.171.79.254

# Docker 17.09 turns forwarding on itself and then lets FORWARD drop what no rule accepts.
sysctl -q -w net.ipv4.ip_forward=0
mkdir -p /etc/docker
echo '{ "bip": "192.168.0.1/20" }' > /etc/docker/daemon.json
ip link add docker0 address 02:42:ff:27:17:4d type bridge

# Docker draws the names of its veth devices by lot; these are the article's.
rename() {
  port=$(ip -br link show master docker0 | grep -v -e veth0594f4b -e veth57a3dec | cut -d @ -f 1)
  ip link set $port down
  ip link set $port name $1
  ip link set $1 address $2
  ip link set $1 up
}

docker run --name c1 -d --cap-add=NET_ADMIN foo:latest
rename veth0594f4b 96:5b:d4:80:73:5f
docker run --name c2 -d --cap-add=NET_ADMIN foo:latest
rename veth57a3dec 02:52:e9:60:ea:b1
ifconfig -a

# The host has talked to c1 before: it knows its MAC.
ping -c 1 192.168.0.2 > /dev/null

# The article's ebtables-save shows filter last: that table's module was the first to come.
ebtables -L > /dev/null

# Every ICMP packet is traced, and every chain of ebtables says that it was passed.
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -t raw -A PREROUTING -p icmp -j TRACE
ebtables -t broute -A BROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:broute:BROUTING" -j ACCEPT
ebtables -t nat -A OUTPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:OUTPUT" -j ACCEPT
ebtables -t nat -A PREROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:PREROUTING" -j ACCEPT
ebtables -t filter -A INPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:INPUT" -j ACCEPT
ebtables -t filter -A FORWARD -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:FORWARD" -j ACCEPT
ebtables -t filter -A OUTPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:OUTPUT" -j ACCEPT
ebtables -t nat -A POSTROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:POSTROUTING" -j ACCEPT
iptables-save
ebtables-save
iptables -nL --line-numbers -v -t filter
iptables -nL --line-numbers -v -t nat

# Container to container.
docker exec c1 ping -c 3 192.168.0.3
docker exec c1 netstat -rn

# Looking at the mangle table loads its module: from here on its chains are there, and print.
iptables -t mangle -nL > /dev/null
# After five minutes the bridge has forgotten on which port c1 is, but the host still knows c1's MAC: a flood.
sleep 400

# Host to container, host to the LAN, container to the outside.
ping -c 3 192.168.0.2
ping -c 1 10.28.61.30
docker exec c1 ping -c 3 10.28.61.30
