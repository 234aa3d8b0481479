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
ipset create t hash:ip timeout 3 counters
ipset create u hash:ip timeout 0
ipset add t 10.1.0.2
ipset add t 10.2.0.2 timeout 1
ipset add t 10.2.0.9 timeout 0 packets 5 bytes 6
ipset add u 10.1.0.2
ipset add u 10.1.0.3 timeout 100
iptables -A FORWARD -m set --match-set t src -j LOG --log-prefix "in t "
ip netns exec a ping -c 1 10.2.0.2
ipset test t 10.1.0.2; echo $?
ipset test t 10.1.0.77; echo $?
sleep 1.5
ip netns exec a ping -c 1 10.2.0.2
ipset test t 10.2.0.2; echo $?
ipset add t 10.1.0.2; echo $?
ipset add t 10.1.0.2 -exist timeout 50; echo $?
ipset del t 10.1.0.88; echo $?
ipset del t 10.1.0.88 -exist; echo $?
ipset swap t u
ip netns exec a ping -c 1 10.2.0.2
ipset flush t
ipset flush nosuch; echo $?
ip netns exec a ping -c 1 10.2.0.2
ipset create n hash:net family inet hashsize 64 maxelem 2
ipset add n 10.0.0.0/8; ipset add n 10.1.0.0/16 nomatch; ipset add n 10.1.0.0/24; echo $?
ipset add n 0.0.0.0/0; echo $?
ipset create n hash:ip; echo $?
ipset create n hash:net -exist; echo $?
ipset create m hash:foo; echo $?
ipset create m bitmap:ip; echo $?
ipset create m bitmap:port range 5-1
ipset list m
ipset add m 3; ipset add m 7; echo $?
ipset swap n m; echo $?
ipset swap n nosuch; echo $?
ipset rename m mm; ipset list mm
ipset -! add mm 3; echo $?
ipset -! del mm 4; echo $?
ipset list n -t
ipset list -name
iptables -nvL FORWARD
