ip link add dummy0 type dummy
ip link add d1 type dummy
ip addr add 192.0.2.1/24 dev dummy0
ip link set dummy0 up
ip link show dummy0
ip link show type dummy
ip link set d1 name dd
ip link set dd up
ip link set dd name d3
ip link set d3 mtu 9000 txqueuelen 500 alias "my link"
ip link show d3
ip link set d3 address 02:00:00:00:00:99
ip link set d3 down
ip link del d3
ip link del d3
ip link show d3
ip link add dummy0 type dummy
ip link add averyveryverylongname type dummy
ip link add x type nosuch
ip link set lo master br0
ip link add br0 type bridge
ip link set lo master br0
ip link set br0 master br0
ip link set dummy0 master br0
ip link show master br0
ip link set dummy0 nomaster
ip link set dummy0 mtu 10
ip link set dummy0 mtu 70000
ping -c 1 192.0.2.9
ping -c 1 192.0.2.1
ip -s link show dummy0
ip link set dummy0 arp off
ip link set dummy0 promisc on
ip link set dummy0 multicast off
ip link show dummy0
ip link add v0 type veth peer name v1
ip link add v0 type veth peer name v2
ip link add v3 type veth
ip -br link
ip link del v1
ip -br link
