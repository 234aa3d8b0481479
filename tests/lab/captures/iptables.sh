p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set lo up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
ip netns add ext; ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns ext address 02:00:00:00:01:02; ip link set eth1 up; ip addr add 10.0.0.1/24 dev eth1; ip -n ext link set lo up; ip -n ext link set eth0 up; ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add 172.17.0.0/16 via 10.0.0.1
p iptables -V
p iptables -L
p iptables -A NOSUCH -j ACCEPT
p iptables -t nosuch -L
p iptables -N DOCKER
p iptables -N DOCKER
p iptables -A FORWARD -o br0 -j DOCKER
p iptables -X DOCKER
p iptables -D FORWARD -o br1 -j DOCKER
p iptables -D FORWARD 9
p iptables -I FORWARD 5 -j ACCEPT
p iptables -C FORWARD -o br0 -j DOCKER
p iptables -C FORWARD -o br1 -j DOCKER
p iptables -P FORWARD DROP
p iptables -P DOCKER DROP
p iptables -A INPUT -p tcp --dport 80 -j ACCEPT

p iptables -t raw -A PREROUTING -j TRACE
p iptables -S
p iptables -S FORWARD
p iptables -S -v
p iptables -nvL --line-numbers
p iptables -L FORWARD -n
p iptables -L NOSUCH
p iptables -Z
p iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
p iptables -t nat -nvL
p iptables-save
p iptables-save -c
p iptables-save -t mangle
p iptables-save -t nosuch
iptables-save > /tmp/rules
p iptables -F
p iptables -X
iptables-restore < /tmp/rules; echo $?
p iptables -nL
iptables-restore <<EOF
*filter
:INPUT ACCEPT [0:0]
-A INPUT -j NOSUCH
COMMIT
EOF
echo $?
iptables-restore <<EOF
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -j ACCEPT
-A NOPE -j ACCEPT
COMMIT
EOF
echo $?
iptables-restore -n <<EOF
*filter
:FOO - [0:0]
-A FOO -s 1.2.3.4/32 -j RETURN
-I FORWARD -j FOO
COMMIT
*nat
-A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
EOF
echo $?
p iptables -S; p iptables -t nat -S
iptables-restore <<EOF
*filter
-A INPUT -p tcp -j REJECT --reject-with tcp-reset
EOF
echo $?
p iptables -w -A INPUT -s 1.1.1.1,2.2.2.2 -j DROP
p iptables -I INPUT -s 3.1.1.1,4.2.2.2 -j DROP
p iptables -S INPUT
p iptables -E FOO BAR
p iptables -A
p iptables -F NOSUCH
p iptables -t mangle -nL
cat /proc/net/ip_tables_names
