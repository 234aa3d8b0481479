ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip addr add 172.17.0.1/16 dev docker0
ip addr add 172.17.5.5/16 dev docker0
ip addr add 192.168.7.1/24 brd + dev docker0 label docker0:1
ip addr add 10.3.3.3 dev docker0
ip addr add 10.4.4.1 peer 10.4.4.2 dev docker0
ip addr show docker0
ip -4 addr show dev docker0
ip -o addr
ip -o -4 addr show docker0
ip addr del 172.17.9.9/16 dev docker0
ip addr del 10.3.3.3/32 dev docker0
ip addr show label docker0:1
ip addr show to 10.4.0.0/16
ip addr show secondary
ip route get 172.17.0.2 
ip route get 172.17.0.2 from 172.17.5.5
ip route get 192.168.7.255
ip route get 255.255.255.255
ip route get 127.0.0.1
ip route get 172.17.5.5
ip route get 8.8.8.8
ping -c 1 -I 172.17.5.5 172.17.0.2
ping -c1 -I docker0 172.17.0.3
ip addr flush dev docker0 label docker0:1
ip addr del 172.17.0.1/16 dev docker0
ip addr show docker0
ip route
