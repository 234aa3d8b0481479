iptables -A INPUT -m conntrack --ctstate NEW
ping -c 1 -e 5 127.0.0.1 >/dev/null
for c in L D F C V G; do
for o in "-s 1.2.3.4" "-d 1.2.3.4" "-r 1.2.3.4" "-q 1.2.3.4" "-p udp" "-u ASSURED" "-z" "-e NEW" "-m 1" "-f ipv4" "-n" "-g" "-o id" "-j"; do
echo "$c $o: $(conntrack -$c $o 2>&1 | head -1)"
done; done
for u in assured Seen_reply SEEN_REPLY,ASSURED DYING UNREPLIED,ASSURED "" ; do echo "u $u: $(conntrack -L -u "$u" 2>&1 | tail -1)"; done
for o in id,foo EXTENDED extended,id timestamp id,id; do echo "o $o: $(conntrack -L -o $o 2>&1 | head -1)"; done
for s in 127.0.0.1/255.0.0.0 127.0.0.1/0 127.0.0.1/8 127.1 0x7f.1 127.0.0.1/ 127.0.0.1/x ::1 "" 127.0.0.1/32/2 -1; do echo "s $s: $(conntrack -L -s "$s" 2>&1 | tail -1)"; done
for m in 0x0 0/0 1/2 0/x -1 4294967295 4294967296; do echo "m $m: $(conntrack -L -m $m 2>&1 | tail -1)"; done
for p in icmp ICMP Icmp 1 unknown 0 300 unk; do echo "p $p: $(conntrack -L -p $p 2>&1 | head -1)"; done
for x in "--icmp-type 8" "--icmp-type 0" "--icmp-code 0" "--icmp-id 5" "--icmp-id 0x5" "--icmp-type x" "--icmp-type 300" "--sport 5"; do echo "x $x: $(conntrack -L -p icmp $x 2>&1 | tail -1)"; done
for x in "--reply-src 127.0.0.1" "--reply-dst=127.0.0.1" "--orig-src=127.0.0.1" "--sr 127.0.0.1" "--any-nat=127.0.0.1" "-g x" "extra" "-s 127.0.0.1 extra" "--mark=0" "--state ESTABLISHED" "-p tcp --state FOO" "-p tcp --state NONE" "-p tcp --state LISTEN" "-p tcp --state SYN_SENT2" "-d 127.0.0.1 -s 1.1.1.1 -s 127.0.0.1" "-picmp" "-s127.0.0.1" "-po"; do echo "x $x: $(conntrack -L $x 2>&1 | tail -2|head -1)"; done
conntrack -D -f ipv6; echo $?
conntrack -D -o id; echo $?
conntrack -D -p icmp -o extended; echo $?
ping -c 1 -e 6 127.0.0.1 >/dev/null
conntrack -L -z; echo $?
sysctl -w net.netfilter.nf_conntrack_acct=1
ping -c 1 -e 7 127.0.0.1 >/dev/null
conntrack -L -z -p icmp --icmp-id 7
conntrack -L -p icmp --icmp-id 7
conntrack -E -u ASSURED; echo $?
conntrack -E -e FOO; echo $?
conntrack -E foo; echo $?
