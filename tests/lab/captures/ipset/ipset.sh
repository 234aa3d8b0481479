echo "$ ipset create a hash:ip"; ipset create a hash:ip; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset create a hash:ip"; ipset create a hash:ip; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset create b hash:net"; ipset create b hash:net; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset create c hash:ip,port"; ipset create c hash:ip,port; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add a 1.2.3.4"; ipset add a 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add a 1.2.3.4"; ipset add a 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset -exist add a 1.2.3.4"; ipset -exist add a 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add nosuch 1.2.3.4"; ipset add nosuch 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add b 10.0.0.0/8"; ipset add b 10.0.0.0/8; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add b 10.1.0.0/16 nomatch"; ipset add b 10.1.0.0/16 nomatch; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add c 1.2.3.4,tcp:80"; ipset add c 1.2.3.4,tcp:80; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add c 1.2.3.4,80"; ipset add c 1.2.3.4,80; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add c 1.2.3.4"; ipset add c 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add a foo"; ipset add a foo; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset test a 1.2.3.4"; ipset test a 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset test a 1.2.3.5"; ipset test a 1.2.3.5; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset test b 10.2.3.4"; ipset test b 10.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset test b 10.1.3.4"; ipset test b 10.1.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset del a 9.9.9.9"; ipset del a 9.9.9.9; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset del a 1.2.3.4"; ipset del a 1.2.3.4; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset list"; ipset list; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset list a"; ipset list a; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset list nosuch"; ipset list nosuch; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset list -n"; ipset list -n; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset save"; ipset save; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ iptables -A INPUT -m set --match-set b src -j DROP"; iptables -A INPUT -m set --match-set b src -j DROP; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ iptables -A INPUT -m set --match-set nosuch src -j DROP"; iptables -A INPUT -m set --match-set nosuch src -j DROP; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset destroy b"; ipset destroy b; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset list b"; ipset list b; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset flush b"; ipset flush b; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset rename a z"; ipset rename a z; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset swap z b"; ipset swap z b; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset swap z c"; ipset swap z c; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ iptables -F"; iptables -F; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset destroy b"; ipset destroy b; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset destroy"; ipset destroy; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset list"; ipset list; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset create"; ipset create; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset add"; ipset add; r=$?; [ $r = 0 ] || echo rc=$r
echo "$ ipset -v"; ipset -v; r=$?; [ $r = 0 ] || echo rc=$r
