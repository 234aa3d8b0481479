# routes: metrics, replace, deletes, listing forms
ip link add d0 type dummy; ip link add d1 type dummy
ip addr add 10.1.1.1/24 dev d0; ip addr add 10.2.2.1/24 dev d1; ip link set d0 up; ip link set d1 up
ip route add 10.0.0.0/8 via 10.1.1.2
ip route add 10.0.0.0/8 via 10.2.2.2 metric 10
ip route add 10.0.0.0/8 via 10.2.2.3 metric 10
ip route add 10.128.0.0/9 via 10.2.2.2 src 10.1.1.1 mtu 1400
ip route add 192.168.1.1 via 10.1.1.3
ip route add 192.168.0.0/16 dev d1 proto static scope link
ip route add 192.168.2.0/24 dev d1 table 5
ip route add default dev d0
ip route add 0.0.0.0/1 via 10.1.1.4
ip route
ip route show via 10.2.2.2
ip route show proto static; ip route show scope link; ip route show table 5; ip route show src 10.1.1.1
ip route show 10.0.0.0/8; ip route show root 192.168.0.0/16; ip route show match 192.168.1.1; ip route show exact 192.168.0.0/16
ip route show metric 10; ip route show default; ip route show dev d1 proto kernel; ip -o route show 192.168.1.1; ip -4 route show default
for a in 10.5.5.5 10.200.0.1 192.168.1.1 192.168.1.2 1.2.3.4 200.0.0.1 10.1.1.1 10.1.1.255 10.1.1.0 127.0.0.1; do ip route get $a; done
ip route get 10.5.5.5 from 10.2.2.1; ip route get 10.5.5.5 from 9.9.9.9; ip route get 10.5.5.5 tos 0x10; ip route get 10.5.5.5 ipproto tcp sport 1 dport 2; ip route get 10.5.5.5 uid 5; ip route get to 10.5.5.5 oif d0; ip route get 10.5.5.5 dev d1
ip route del 10.0.0.0/8; ip route show 10.0.0.0/8; ip route del 10.0.0.0/8 metric 10; ip route show 10.0.0.0/8
ip route change 192.168.1.1 via 10.2.2.9; ip route replace 192.168.1.1 via 10.2.2.8; ip route show 192.168.1.1
ip route prepend 192.168.1.1 via 10.2.2.7; ip route show 192.168.1.1
ip route del 192.168.1.1 via 10.2.2.8; ip route show 192.168.1.1
ip route flush proto static; ip route flush table 5; ip route flush dev d1; ip route
ip route flush scope link; ip route flush cache; ip route
ip link set d0 down; ip route; ip link set d0 up; ip route
ip link del d0; ip route
