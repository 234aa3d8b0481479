ip link add d0 type dummy
ip link add d1 type dummy
ip link set d0 up
ip link set d1 up
ip addr add 10.1.0.1/24 dev d0
ip addr add 10.2.0.1/24 dev d1
ip route add default via 10.1.0.9
ip route add 10.64.0.0/10 via 10.1.0.9
ip route add unreachable 10.128.0.0/9
ip route add prohibit 10.0.0.0/8
ip route add default via 10.2.0.9 table 77
ip rule add pref 10 lookup main suppress_prefixlength 10
ip rule add pref 20 lookup 77
ip rule
ip route get 10.1.0.5
ip route get 8.8.8.8
ip route get 10.64.0.1
ip route get 10.128.0.1
ip route get 10.3.0.1
ip rule add pref 5 lookup main suppress_prefixlength 32
ip rule add pref 6 lookup local suppress_prefixlength 32
ip route get 10.1.0.5
ip route get 10.1.0.1
ip rule del pref 0
ip route get 10.1.0.1
ping -c 1 -W 1 10.1.0.1
ip rule del pref 20
ip route get 8.8.8.8
ip rule del pref 10
ip route get 8.8.8.8
