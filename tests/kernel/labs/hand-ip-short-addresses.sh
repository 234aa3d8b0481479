ip link add d0 type dummy
ip link set d0 up
ip addr add 10.1/16 dev d0
ip addr add 10.2.3 dev d0
ip addr add 010.0x10.010.1/24 dev d0
ip addr add 10.3.0.1/255.255.0.0 dev d0
ip addr add 10.4.0.1/0x18 dev d0
ip addr add 10.5.0.1/024 dev d0
ip addr add 10.256/16 dev d0
ip addr add 10.1.1.1.1/16 dev d0
ip addr add 10..1/16 dev d0
ip addr add 10.1./16 dev d0
ip addr add 10.6.0.1/33 dev d0
ip addr add 10.6.0.1/ dev d0
ip addr add 10.6.0.1/255.0.255.0 dev d0
ip route add 172.16/12 dev d0
ip route add 192.168 dev d0
ip route add 9/8 via 10.3.0.2
ip route add 8/8 via 10.3
ip addr show d0 | grep inet
ip route
ip route get 172.17.1
ip addr del 10.1/16 dev d0
ip addr show d0 to 10/8 | grep inet
ip neigh add 10.3.9 lladdr 02:00:00:00:00:01 dev d0
ip neigh
