ip netns add a
ip link add va type veth peer name eth0 netns a address 02:00:00:00:0a:02
ip link set va address 02:00:00:00:0a:01 up
ip addr add 10.1.0.1/24 dev va
ip -n a link set eth0 up
ip -n a addr add 10.1.0.2/24 dev eth0
ipset create c hash:ip counters
ipset create p hash:ip
ipset create n hash:net counters
ipset create l list:set counters
ipset add c 10.1.0.2
ipset add p 10.1.0.2
ipset add n 10.1.0.0/24
ipset add n 10.1.0.0/28 packets 10 bytes 2000
ipset add l c
iptables -A INPUT -m set --match-set c src --packets-eq 1
iptables -A INPUT -m set --match-set c src --packets-gt 1
iptables -A INPUT -m set --match-set c src --packets-lt 4
iptables -A INPUT -m set --match-set c src ! --packets-eq 5
iptables -A INPUT -m set --match-set c src --bytes-gt 500
iptables -A INPUT -m set --match-set c src ! --update-counters
iptables -A INPUT -m set --match-set c src ! --update-counters --packets-gt 3
iptables -A INPUT -m set ! --match-set c src --packets-gt 100
iptables -A INPUT -m set --match-set p src --packets-gt 0
iptables -A INPUT -m set --match-set p src --packets-eq 0
iptables -A INPUT -m set --match-set n src --packets-gt 11 --bytes-lt 3000
iptables -A INPUT -m set --match-set l src ! --update-subcounters
iptables -A INPUT -m set --match-set l src ! --update-counters
iptables -A INPUT -m set --match-set l src --packets-gt 1
iptables -A INPUT -m set --match-set c src --return-nomatch --packets-gt 1
iptables -A INPUT -m set --match-set c src --packets-eq x; echo $?
iptables -A INPUT -m set --match-set c src --packets-eq 1 --packets-gt 1; echo $?
iptables -A INPUT -m set --match-set c src ! --packets-gt 1; echo $?
iptables -A INPUT -m set --match-set c src --bytes-eq 1 --bytes-lt 1; echo $?
iptables -A INPUT -m set --packets-eq 1; echo $?
iptables -A INPUT -m set --match-set c src ! --bytes-lt 1; echo $?
iptables -A INPUT -m set --match-set c src --update-counters; echo $?
iptables -A INPUT -m set --match-set c src ! --return-nomatch; echo $?
iptables -A INPUT -m set --match-set c src --bytes-eq -1; echo $?
ip netns exec a ping -q -c 3 -i 0.2 10.1.0.1
iptables -nvL INPUT --line-numbers
iptables -S INPUT
ipset list c
ipset list l
