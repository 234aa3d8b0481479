p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set lo up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
ip netns add ext; ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns ext address 02:00:00:00:01:02; ip link set eth1 up; ip addr add 10.0.0.1/24 dev eth1; ip -n ext link set lo up; ip -n ext link set eth0 up; ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add 172.17.0.0/16 via 10.0.0.1
p ebtables -L
p ebtables -t broute -A BROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:broute:BROUTING" -j ACCEPT
p ebtables -t nat -A OUTPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:OUTPUT"  -j ACCEPT
p ebtables -t nat -A PREROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:PREROUTING" -j ACCEPT
p ebtables -t filter -A INPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:INPUT" -j ACCEPT
p ebtables -t filter -A FORWARD -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:FORWARD" -j ACCEPT
p ebtables -A FORWARD -p arp --log --log-arp -j CONTINUE
p ebtables -N FOO
p ebtables -N FOO
p ebtables -P FOO DROP
p ebtables -A FORWARD -p ipv4 -s 02:42:ac:11:00:02 -j FOO
p ebtables -D FORWARD 9
p ebtables -D FORWARD -j DROP
p ebtables -A NOPE -j DROP
p ebtables -A FORWARD -j NOPE
p ebtables -t nosuch -L
p ebtables -P FORWARD REJECT
p ebtables -A FOO -d Broadcast -j ACCEPT
p ebtables -I FOO -p ipv4 --ip-src 1.2.3.4 -j DROP
ip netns exec c1 ping -c 1 172.17.0.3 >/dev/null
ip netns exec c1 ping -c 1 172.17.0.1 >/dev/null
p ebtables -L --Lc --Ln
p ebtables -L --Lc
p ebtables -t nat -L --Lmac2
p ebtables -L --Lx
p ebtables -Z
p ebtables -L FORWARD --Lc
p ebtables -F
p ebtables -L
p ebtables -V
p ebtables -A FORWARD -p ipv4 --ip-dst 172.17.0.3 -j DROP
p ip netns exec c1 ping -c 1 -W 1 172.17.0.3
p bridge fdb show br br0
dmesg -t | tail -3
