ip netns add a
ip netns add b
ip link add va type veth peer name eth0 netns a address 02:00:00:00:0a:02
ip link add vb type veth peer name eth0 netns b address 02:00:00:00:0b:02
ip link set va address 02:00:00:00:0a:01 up
ip link set vb address 02:00:00:00:0b:01 up
ip addr add 10.1.0.1/24 dev va
ip addr add 10.2.0.1/24 dev vb
ip -n a link set eth0 up
ip -n b link set eth0 up
ip -n a addr add 10.1.0.2/24 dev eth0
ip -n b addr add 10.2.0.2/24 dev eth0
ip -n a route add default via 10.1.0.1
ip -n b route add default via 10.2.0.1
iptables -t mangle -A PREROUTING -j MARK --set-mark 0x10
iptables -t mangle -A PREROUTING -j MARK --set-mark 0x1/0xf
iptables -t mangle -A PREROUTING -j MARK --set-xmark 0xff00/0xf000
iptables -t mangle -A PREROUTING -j MARK --or-mark 0x3
iptables -t mangle -A PREROUTING -j MARK --and-mark 0xfffffffe
iptables -t mangle -A PREROUTING -j MARK --xor-mark 0x80000000
iptables -t mangle -A PREROUTING -j LOG --log-prefix "after "
iptables -t mangle -A PREROUTING -m mark --mark 0x10/0x10 -m mark ! --mark 0x20/0x20 -j MARK --set-mark 5
iptables -t mangle -A PREROUTING -m mark --mark 5 -j CONNMARK --save-mark
iptables -t mangle -A PREROUTING -j CONNMARK --set-mark 0x100/0x100
iptables -t mangle -A PREROUTING -j CONNMARK --or-mark 0x200
iptables -t mangle -A PREROUTING -j CONNMARK --and-mark 0xfff
iptables -t mangle -A PREROUTING -j CONNMARK --xor-mark 0x1
iptables -t mangle -A PREROUTING -j CONNMARK --set-xmark 0x400
iptables -t mangle -A PREROUTING -j CONNMARK --set-xmark 0x7/0x7
iptables -t mangle -A PREROUTING -j CONNMARK --save-mark --nfmask 0xf --ctmask 0xff
iptables -t mangle -A PREROUTING -j CONNMARK --save-mark --mask 0xf0
iptables -t mangle -A FORWARD -j CONNMARK --restore-mark
iptables -t mangle -A FORWARD -j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xff
iptables -t mangle -A FORWARD -j CONNMARK --restore-mark --mask 0x3
iptables -t mangle -A FORWARD -j LOG --log-prefix "fwd "
iptables -t mangle -A FORWARD -m connmark --mark 0x402
iptables -t mangle -A FORWARD -m connmark ! --mark 0x400/0x400
iptables -t mangle -A FORWARD -m connmark --mark 2/3 -m mark --mark 2/3
iptables -A FORWARD -j MARK --set-mark 1; echo $?
iptables -t raw -A PREROUTING -j MARK --set-mark 7; echo $?
iptables -t mangle -A FORWARD -j MARK; echo $?
iptables -t mangle -A FORWARD -j MARK --set-mark 1 --or-mark 2; echo $?
iptables -t mangle -A FORWARD -j MARK --set-mark 0x100000000; echo $?
iptables -t mangle -A FORWARD -j MARK --set-mark -1; echo $?
iptables -t mangle -A FORWARD -j MARK --set-mark 1/; echo $?
iptables -t mangle -A FORWARD -j CONNMARK; echo $?
iptables -t mangle -A FORWARD -j CONNMARK --set-mark 1 --mask 3; echo $?
iptables -t mangle -A FORWARD -j CONNMARK --save-mark --restore-mark; echo $?
iptables -t mangle -A FORWARD -j CONNMARK --mask 3; echo $?
iptables -t mangle -A FORWARD -m mark; echo $?
iptables -t mangle -A FORWARD -m mark --mark 4/3
ip netns exec a ping -c 1 10.2.0.2
conntrack -L -m 0x402
conntrack -L
iptables -t mangle -nvL --line-numbers
iptables -t mangle -S
iptables -S
