# Addresses: scopes, labels, peers, metrics, noprefixroute, promotion.
ip link add d0 type dummy
ip link set d0 up
ip addr add 10.5.0.1/24 dev d0
ip addr add 10.5.0.2/24 dev d0
ip addr add 10.5.0.3/25 dev d0
ip addr add 10.5.0.4/25 dev d0 label d0:x
ip addr add 10.5.0.5/32 dev d0
ip addr add 10.6.0.1 peer 10.6.0.2 dev d0
ip addr add 10.7.0.1/24 brd + dev d0
ip addr add 10.8.0.1/24 brd 10.8.0.200 dev d0 scope link
ip addr add 10.9.0.1/24 dev d0 metric 300
ip addr add 10.10.0.1/24 dev d0 noprefixroute
ip addr add 10.5.0.1/24 dev d0
ip -4 addr show dev d0
ip -o -4 addr
ip -br addr
ip route
ip route show table local
ip addr show secondary
ip addr show label d0:x
ip addr show to 10.5.0.0/24
ip addr del 10.5.0.1/24 dev d0
ip addr show d0
ip route show table local
sysctl -w net.ipv4.conf.d0.promote_secondaries=1
ip addr add 10.5.0.1/24 dev d0
ip addr add 10.5.0.2/24 dev d0
ip addr del 10.5.0.1/24 dev d0
ip addr show d0
ip addr del 10.99.0.1/24 dev d0
ip addr flush dev d0 scope link
ip addr show d0
ip route
ip addr flush dev d0 label d0:x
ip -4 a s d0
ip addr flush d0
ip -4 addr show
