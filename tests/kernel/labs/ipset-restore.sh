cat > /tmp/s <<EOF
create web hash:ip,port family inet hashsize 64 maxelem 100
add web 10.0.0.1,80
add web 10.0.0.1,udp:53
add web 10.0.0.2,tcp:1-3
create nets hash:net
add nets 10.0.0.0/8
add nets 10.1.0.0/16 nomatch
EOF
ipset restore < /tmp/s; echo $?
ipset list web -s; ipset -L nets -s
ipset save | sort
ipset test nets 10.1.2.3; echo $?
ipset test nets 10.2.2.3; echo $?
ipset test web 10.0.0.2,2; echo $?
ipset -exist restore < /tmp/s; echo $?
ipset restore < /tmp/s; echo $?
ipset swap nets web; ipset rename nets newname; ipset list -n
ipset create n2 hash:net; ipset swap newname n2; ipset list newname
ipset flush; ipset list -t web
iptables -A INPUT -m set --match-set web src -j ACCEPT; echo $?
iptables -A INPUT -m set --match-set web src,dst -j ACCEPT; iptables -S INPUT; ipset destroy web; echo $?
ipset destroy; echo $?; iptables -F; ipset destroy; ipset list
ipset add web 1.2.3.4; ipset; echo $?
ipset create x hash:ip; ipset add x; ipset add x 300.1.1.1; ipset add x 1.2.3.4,80; ipset del x 1.2.3.4; ipset add x 1.2.3.4; ipset add x 1.2.3.4; ipset add x 1.2.3.4 timeout 5; ipset add x fe80::1
ipset create y hash:ip,port; ipset add y 1.2.3.4; ipset add y 1.2.3.4,icmp:8/0; ipset list y | tail -1
ipset create b bitmap:ip range 10.0.0.0/28; ipset add b 10.0.0.3; ipset add b 10.0.0.99; ipset list b
