ip link add docker0 address 02:42:ff:27:17:4d type bridge
ip addr add 192.168.0.1/20 dev docker0
ip link add veth0594f4b address 96:5b:d4:80:73:5f type veth peer name vp address 02:00:00:00:00:02
ip link add eth10 address 02:00:00:00:00:10 type veth peer name eth9 address 02:00:00:00:00:09
ip link set vp up
ip link set veth0594f4b up
ip link add p1 address 02:00:00:00:00:20 type veth peer name p2 address 02:00:00:00:00:21
ip link set p2 up
ip link set p1 up
ip link set p1 master docker0
ip link set docker0 up
ip addr add 10.0.0.1/8 brd + dev eth9
ip addr add 10.0.0.2/8 brd + dev eth9
ip link set vp mtu 1400
sleep 1.2
ifconfig
ifconfig -a
ifconfig vp
ifconfig nosuch; echo "rc $?"
ifconfig vp down; echo "rc $?"
ifconfig vp
ifconfig vp 10.1.2.3; echo "rc $?"
ifconfig vp
ip addr show vp
ifconfig vp 172.16.3.4 netmask 255.255.255.0
ifconfig vp
ip addr show vp
ifconfig vp 172.16.3.5/28
ip addr show vp
ifconfig vp 192.0.2.1
ip addr show vp
ifconfig vp netmask 255.255.0.0
ip addr show vp
ifconfig vp broadcast 192.0.2.99
ip addr show vp
ifconfig vp 0.0.0.0
ip addr show vp
ifconfig vp down
ifconfig vp hw ether 02:00:00:00:00:01
ifconfig vp mtu 1300 up
ifconfig vp
ifconfig vp 1.2.3; echo "rc $?"
ifconfig vp 300.2.3.4; echo "rc $?"
ifconfig vp
