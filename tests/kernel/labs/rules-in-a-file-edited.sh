# rules kept in a file, as distributions do it: iptables-save > file, edit, restore, compare; counters with -Z
ip netns add c
ip link add vc type veth peer name eth0 netns c
ip link set vc up
ip addr add 10.0.1.1/24 dev vc
ip -n c link set eth0 up
ip -n c addr add 10.0.1.2/24 dev eth0
cat > /tmp/rules.v4 <<'R'
# my rules
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ssh - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p icmp -m icmp --icmp-type 8 -m limit --limit 2/sec --limit-burst 2 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -m state --state NEW -g ssh
-A INPUT -p tcp -m multiport --dports 80,443,8000:8100 -j ACCEPT
-A INPUT -m pkttype --pkt-type broadcast -j DROP
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A ssh -s 10.0.1.2/32 -j ACCEPT
-A ssh -j LOG --log-prefix "ssh refused: " --log-level 7
-A ssh -j DROP
COMMIT
*mangle
:PREROUTING ACCEPT [5:500]
-A PREROUTING -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1200
-A PREROUTING -m ttl --ttl-lt 5 -j LOG
COMMIT
R
iptables-restore -t < /tmp/rules.v4 && echo tested
iptables-restore < /tmp/rules.v4
iptables-save
ip netns exec c ping -c 3 -i 0.2 -W 1 10.0.1.1
ip netns exec c nc -z -v -w 1 10.0.1.1 22
ip netns exec c nc -z -v -w 1 10.0.1.1 23
ip netns exec c nc -z -v -w 1 10.0.1.1 8050
ip netns exec c sh -c 'echo x | nc -u -w 1 10.0.1.1 53'
iptables -t mangle -nvL
iptables-save -c > /tmp/saved
sed -i 's/^\[[0-9]*:[0-9]*\] -A INPUT -p tcp -m multiport.*/[1:2] -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT/' /tmp/saved
iptables-restore -c < /tmp/saved
iptables -nvL --line-numbers
iptables -D INPUT -p tcp --dport 80 -j ACCEPT
iptables -D INPUT -p tcp --dport 81 -j ACCEPT
iptables -X ssh
iptables -F ssh
iptables -C INPUT -i lo -j ACCEPT && echo there
iptables -C INPUT -i lo2 -j ACCEPT || echo not there
iptables -S INPUT
iptables -S ssh -v
iptables -P INPUT ACCEPT
iptables -F; iptables -X; iptables -t mangle -F
iptables-save -c
