p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set lo up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
ip netns add ext; ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns ext address 02:00:00:00:01:02; ip link set eth1 up; ip addr add 10.0.0.1/24 dev eth1; ip -n ext link set lo up; ip -n ext link set eth0 up; ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add 172.17.0.0/16 via 10.0.0.1
ip netns exec c1 nc -l 80 >/dev/null & 
sleep 0.2
# client with terminal stdin, server closes after 1 s of idle?
ip netns exec ext sh -c 'echo reply | nc -N -l 81' &
sleep 0.2
p ip netns exec c2 nc -w 3 10.0.0.2 81
ip netns exec ext sh -c 'echo reply | nc -N -l 82' & sleep 0.2
p sh -c 'echo q | ip netns exec c2 nc 10.0.0.2 82'
ip netns exec ext sh -c 'echo reply | nc -l 83' & sleep 0.2
p sh -c 'echo q | ip netns exec c2 nc -N 10.0.0.2 83'
ip netns exec ext sh -c 'nc -l 84 | cat' & sleep 0.2
p sh -c 'echo q | ip netns exec c2 nc -q 1 10.0.0.2 84'
ip netns exec ext nc -l 85 & sleep 0.2
p sh -c 'printf "a\nb\n" | ip netns exec c2 nc -w 2 10.0.0.2 85'
p ip netns exec ext nc -l 10.0.0.9 85
p ip netns exec ext nc -lu 10.0.0.9 85
nc -kl 86 > /tmp/k & K=$!
sleep 0.1
p sh -c 'echo one | nc -N 127.0.0.1 86'
p sh -c 'echo two | nc -N 127.0.0.1 86'
p sh -c 'echo three | nc -w1 127.0.0.1 86'
cat /tmp/k; kill $K
nc -klu 87 > /tmp/k & K=$!
sleep 0.1
p sh -c 'echo one | nc -u -w1 127.0.0.1 87'
p sh -c 'echo two | nc -u -q0 127.0.0.1 87'
p sh -c 'echo three | nc -uN -w1 127.0.0.1 87'
p nc -zuv 127.0.0.1 87
cat /tmp/k; kill $K
p nc -zv -w1 127.0.0.1 80-82
p nc -z -n -v 127.0.0.1 http
p nc -v -z 127.0.0.1 90
p ping -c 1 -W 1 10.0.0.77
iptables -A OUTPUT -p tcp -j DROP; p nc -v -w 1 10.0.0.2 80; iptables -F OUTPUT
iptables -A OUTPUT -p tcp -j REJECT; p nc -v -w 1 10.0.0.2 80; iptables -F OUTPUT
iptables -A OUTPUT -p udp -j DROP; p sh -c 'echo a | nc -v -u -w 1 10.0.0.2 80'; iptables -F OUTPUT
iptables -A OUTPUT -p udp -j REJECT; p sh -c 'echo a | nc -v -u -w 1 10.0.0.2 80'; iptables -F OUTPUT

iptables -A INPUT -s 9.9.9.9 -j ACCEPT
p iptables -D INPUT -s 9.9.9.8 -j ACCEPT
p iptables -C INPUT -s 9.9.9.8 -j ACCEPT
p iptables -C INPUT -s 9.9.9.8 -j LOG
p iptables -D INPUT -s 9.9.9.8
