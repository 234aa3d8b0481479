ip link add eth0 address 02:00:00:00:00:01 type veth peer name lan
ip addr add 10.171.77.1/21 brd + dev eth0
ip link add docker0 address 02:42:ff:27:17:4d type bridge
ip addr add 192.168.0.1/20 dev docker0
ip link set lan up
ip link set eth0 up
ip link add p1 address 02:00:00:00:00:20 type veth peer name p2 address 02:00:00:00:00:21
ip link set p2 up
ip link set p1 up
ip link set p1 master docker0
ip link set docker0 up
ip route add default via 10.171.79.254
ip route add 10.9.0.0/16 via 10.171.72.3 metric 7
ip route add 10.8.0.1 dev docker0
ip route add unreachable 10.7.0.0/16
ip route add blackhole 10.6.0.0/16
ip route add unreachable 10.5.0.1
route -n
route -e -n
netstat -rn
netstat -r -n
route add -net 10.50.0.0 netmask 255.255.0.0 gw 10.171.72.3; echo "rc $?"
route add -net 10.50.0.0 netmask 255.255.0.0 gw 10.171.72.3; echo "rc $?"
route add -net 10.51.0.0/16 dev eth0; echo "rc $?"
route add -host 10.52.0.1 gw 10.171.72.3; echo "rc $?"
route add 10.53.0.1 dev eth0; echo "rc $?"
route add 10.57.0.1 eth0; echo "rc $?"
route add default gw 10.171.72.9; echo "rc $?"
route add default gw 10.171.72.9 metric 5; echo "rc $?"
route add -net 10.54.0.0/16 reject; echo "rc $?"
route add -net 10.55.0.0/16 gw 1.2.3.4; echo "rc $?"
route add -net 10.55.0.1 netmask 255.255.0.0 gw 10.171.72.3; echo "rc $?"
route add -net 10.55.0.0 netmask 255.255.0.0 gw nosuch; echo "rc $?"
route add -net 10.56.0.0/16 dev nosuch; echo "rc $?"
route -n
ip route
route del -net 10.50.0.0/16; echo "rc $?"
route del -net 10.50.0.0/16; echo "rc $?"
route del default; echo "rc $?"
route del -net 10.54.0.0/16 reject; echo "rc $?"
route del -host 10.52.0.1; echo "rc $?"
route -n
ip route
