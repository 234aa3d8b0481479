ip link add br0 type bridge; ip link add name d0 type dummy; ip link set d0 master br0
bridge link set dev d0 hairpin x; echo $?
ip link set d0 type bridge_slave hairpin x; echo $?
ip link set d0 promisc x; echo $?
ip link set d0 promisc on; ip link show d0; ip link set d0 promisc off
bridge link set dev d0; echo $?
bridge link set; echo $?
bridge link set dev nosuch hairpin on; echo $?
bridge fdb add; echo $?
bridge fdb add 02:00:00:00:00:01; echo $?
ip link set br0 type bridge ageing_time x; echo $?
ip link set br0 type bridge stp_state 0 forward_delay 200; echo $?
ip link del; echo $?
ip link set br0 mtu 9000; ip link set br0 mtu x; echo $?
ip link set br0 mtu 20; echo $?
ip addr del; echo $?
ip netns add; echo $?
ip netns exec; echo $?
ip netns del; echo $?
ip link add br0 type bridge; echo $?
ip link add name br1 type bridge stp_state 0 ageing_time 500 nf_call_iptables 1; echo $?
ip link show br1 type bridge
ip -br link show type dummy
ip link add v0 type veth; ip -br link | tail -2
ip link add type bridge; ip link add type dummy; ip -br link
ip link del bridge0; ip link del dev dummy0 type dummy; ip -br link
ip addr add 10.0.0.1/24 brd 10.0.0.200 dev br0; ip addr add 10.0.1.1/24 scope link dev br0; ip addr show dev br0; ip route get 10.0.0.5; ip link set br0 up; ip route; ip addr change 10.0.1.1/24 dev br0; ip addr replace 10.0.2.1/24 dev br0; ip -o addr show br0
ip -4 -br addr; ip -br -4 a; ip -o -4 a s dev br0; ip addr show dev br0 scope link 2>&1 | head -3
