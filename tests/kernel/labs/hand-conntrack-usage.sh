iptables -A INPUT -m conntrack --ctstate NEW
nc -u -l 53 & sleep 0.3
echo a | nc -u -w 1 -p 4000 127.0.0.1 53
ping -c 1 -e 5 127.0.0.1 >/dev/null
G="conntrack -G"
$G -p udp -s 127.0.0.1 -d 127.0.0.1; echo $?
$G -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 4000; echo $?
$G -p udp -s 127.0.0.1 --sport 4000 --dport 53; echo $?
$G -p udp -d 127.0.0.1 --sport 4000 --dport 53; echo $?
$G -p tcp -s 127.0.0.1 -d 127.0.0.1; echo $?
$G -p tcp -s 127.0.0.1 -d 127.0.0.1 --dport 4; echo $?
$G -p icmp -s 127.0.0.1 -d 127.0.0.1; echo $?
$G -p icmp -s 127.0.0.1 -d 127.0.0.1 --icmp-id 5 --icmp-code 0; echo $?
$G -p icmp -s 127.0.0.1 -d 127.0.0.1 --icmp-type 8 --icmp-code 0 --icmp-id 5 ; echo $?
$G -p icmp -s 127.0.0.1 -d 127.0.0.1 --icmp-type 8 --icmp-code 0  ; echo $?
$G -p udp -r 127.0.0.1 -q 127.0.0.1; echo $?
$G -p udp -r 127.0.0.1 -q 127.0.0.1 --reply-port-src 53; echo $?
$G -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 53 -m 0; echo $?
$G -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 53 -r 127.0.0.1 -q 127.0.0.1 ; echo $?
$G -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 53 -u ASSURED; echo $?
$G -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 53 --dport 4000; echo $?
$G -p udp -s 127.0.0.1/32 -d 127.0.0.1 --sport 4000 --dport 53; echo $?
$G -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 53 -n; echo $?
conntrack -L -p icmp --icmp-code 0; echo $?
conntrack -L -p icmp --icmp-code 1; echo $?
conntrack -L -p udp -u seen_reply; echo $?
conntrack -L -u FOO; echo $?
conntrack -L -u CONFIRMED; echo $?
conntrack -L -u ASSURED,UNREPLIED; echo $?
conntrack -L -p; echo $?
conntrack -L -s; echo $?
conntrack -L foo; echo $?
conntrack -L -D; echo $?
conntrack -s 1.2.3.4; echo $?
conntrack -L -s 1.2.3; echo $?
conntrack -L -s 1.2.3.4/33; echo $?
conntrack -L -s localhost; echo $?
conntrack -L -m x; echo $?
conntrack -L -o foo; echo $?
conntrack -L -p udp --sport x; echo $?
conntrack -L -p udp --sport 70000; echo $?
conntrack -L -p udp --sport 4000 --sport 4000; echo $?
conntrack -L -s 127.0.0.1 -s 127.0.0.1; echo $?
conntrack -E -e FOO; echo $?
conntrack -L -e NEW; echo $?
conntrack -F -p udp; echo $?
conntrack -C -p udp; echo $?
conntrack -V; echo $?
conntrack -L -n -n; echo $?
conntrack -L --src-nat=127.0.0.1; echo $?
conntrack -L -p udp --sport=4000; echo $?
conntrack -L -f ipv6; echo $?
conntrack -L -f foo; echo $?
conntrack -L -z; echo $?
conntrack -X; echo $?
