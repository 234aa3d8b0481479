quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
ip netns add gw; quiet gw
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns gw address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n gw link set lo up; ip -n gw link set eth0 up
ip -n gw addr add 10.0.0.254/24 dev eth0; ip -n gw addr add 198.51.100.9/32 dev lo
ip -n gw route add 172.18.0.0/16 via 10.0.0.1
ip route add default via 10.0.0.254
# ip route get in many forms.
ip route add 10.20.0.0/16 via 172.18.0.3 src 10.0.0.1; ip route add 10.21.0.0/16 via 172.18.0.3 mtu 1300; ip route add 10.22.0.0/16 dev br0 scope link
ip route add blackhole 10.23.0.0/16; ip route add unreachable 10.24.0.0/16; ip route add prohibit 10.25.0.0/16; ip route add throw 10.26.0.0/16
for a in 10.20.1.1 10.21.1.1 10.22.1.1 10.23.1.1 10.24.1.1 10.25.1.1 10.26.1.1 10.0.0.254 172.18.0.1 172.18.255.255 127.0.0.1 10.0.0.0 8.8.8.8 224.0.0.9 255.255.255.255 0.0.0.0; do echo "-- $a"; ip route get $a; echo $?; done
ip route get 8.8.8.8 from 172.18.0.2 iif br0; ip route get 172.18.0.2 from 8.8.8.8 iif eth0; ip route get 172.18.0.2 from 172.18.0.3 iif br0; ip route get 10.23.1.1 from 172.18.0.2 iif br0; ip route get 10.24.1.1 from 172.18.0.2 iif br0; ip route get 10.25.1.1 from 172.18.0.2 iif br0
ip route get 10.0.0.1 from 172.18.0.2 iif br0; ip route get 8.8.8.8 from 10.0.0.1; ip route get 8.8.8.8 from 172.18.0.1; ip route get 8.8.8.8 oif br0; ip route get 172.18.0.7 oif eth0; ip route get 8.8.8.8 mark 5; ip route get 8.8.8.8 mark 0x50; ip -o route get 8.8.8.8
sysctl -qw net.ipv4.ip_forward=0; ip route get 8.8.8.8 from 172.18.0.2 iif br0; ip netns exec c2 ip route get 8.8.8.8; ip -n c2 route get 172.18.0.2
