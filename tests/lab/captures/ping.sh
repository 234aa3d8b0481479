p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
p ping -c 1 172.17.0.2
p ping -c 3 -i 0.2 172.17.0.2
p ping -c 1 -W 1 172.17.0.77
p ping -c 1 8.8.8.8
p ping -c 1 -W 1 -q 172.17.0.2
p ping -c 1 -n 172.17.0.2
p ping -c 1 -s 1000 172.17.0.2
p ping -c 1 -s 2000 172.17.0.2
p ping -c 1 -M do -s 2000 172.17.0.2
p ping -c 2 -M do -s 2000 172.17.0.2
p ping -c 1 -M dont -s 2000 172.17.0.2
p ping -c 1 -s 0 172.17.0.2
p ping -c 1 -s 8 172.17.0.2
p ping -c 1 -s 20 172.17.0.2
p ping -c 1 -t 1 172.17.0.2
p ping -c 1 -I 172.17.0.1 172.17.0.2
p ping -c 1 -I br0 172.17.0.2
p ping -c 1 -I nosuch 172.17.0.2
p ping -c 1 -I 9.9.9.9 172.17.0.2
p ping -c 1 -b 172.17.255.255
p ping -c 1 172.17.255.255
p ping -c 1 -e 4321 172.17.0.2
p ping -c 1 -m 5 172.17.0.2
p ping -c 1 -Q 0xb8 172.17.0.2
p ping -c 1 -p ff 172.17.0.2
p ping -c 1 nosuchhost
p ping -c 1 127.0.0.1
p ping -c 1 localhost
p ping -c 1 0
p ping -c 2 -A 172.17.0.2
p ping -c 0 172.17.0.2
p ping -c x 172.17.0.2
p ping
p ping -c 1 -i 0.0001 172.17.0.2
sleep 1.1; p ip netns exec c1 ping -c 1 -W 1 8.8.8.8
ip link add d0 type dummy; ip addr add 10.9.0.1/16 dev d0; ip link set d0 up
p ping -c 1 -W 1 172.17.0.2
p ping -c 1 -W 1 172.17.0.2
ip link set d0 mtu 1000
ip route add unreachable 10.3.0.0/16; ip route add prohibit 10.4.0.0/16; ip route add blackhole 10.5.0.0/16
p ping -c 1 10.3.0.1
p ping -c 1 10.4.0.1
p ping -c 1 10.5.0.1
sleep 1.1; p ip netns exec c1 ping -c 1 -W 1 10.3.0.1
sleep 1.1; p ip netns exec c1 ping -c 1 -W 1 10.4.0.1
sleep 1.1; p ip netns exec c1 ping -c 1 -W 1 10.5.0.1
sleep 1.1; p ip netns exec c1 ping -c 1 -W 1 224.0.0.1
p ping -c 1 -W 1 224.0.0.1
p ping -c 1 -W 1 10.9.0.1
ping -i 0.5 172.17.0.2 & sleep 1.7; kill -INT $!; wait; echo done
ip addr flush dev br0
p ping -c 1 -W 1 172.17.0.2
p ping -4 -c 1 127.0.0.1
p ping -c1 -W1 -w2 127.0.0.1
