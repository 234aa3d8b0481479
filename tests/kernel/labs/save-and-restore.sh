ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -N A; iptables -N B
iptables -A INPUT -p tcp -m comment --comment "a \"quoted\" one" -j A
iptables -A A -m mark --mark 1/3 -j B
iptables -A A -m state --state NEW -m recent --set --name ssh
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE --random
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
iptables-save | grep -v '^#' > /tmp/r
cat /tmp/r
iptables -F; iptables -X; iptables -t nat -F; iptables -t mangle -F
iptables-restore < /tmp/r; echo $?
iptables -S; iptables -t nat -S; iptables -t mangle -S FORWARD
iptables-restore -n <<EOF
*filter
:INPUT DROP [5:500]
-I INPUT -i lo -j ACCEPT
-D INPUT 2
-A NEWCH -j ACCEPT
COMMIT
EOF
echo $?
iptables-restore --noflush <<EOF
*filter
:NEWCH -
-I INPUT 1 -i lo -j ACCEPT
-A NEWCH -j ACCEPT
-A INPUT -j NEWCH
COMMIT
EOF
echo $?
iptables -S
printf '*filter\n-A INPUT -j NOPE\nCOMMIT\n' | iptables-restore; echo $?
printf '*filter\n:INPUT ACCEPT\n-A INPUT -p tcp --dport 80 -j ACCEPT\n' | iptables-restore; echo $?
iptables -S INPUT
