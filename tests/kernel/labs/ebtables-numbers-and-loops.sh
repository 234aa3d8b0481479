ip link add br0 type bridge
for i in 1 2 3 4 5 6; do ebtables -A FORWARD -p ipv4 --ip-proto $i -j CONTINUE; done
ebtables -D FORWARD 0
ebtables -D FORWARD 1:x
ebtables -D FORWARD x:1
ebtables -D FORWARD 0:2
ebtables -D FORWARD 3:2
ebtables -D FORWARD 5:9
ebtables -D FORWARD 2:-5
ebtables -L FORWARD --Ln
ebtables -D FORWARD -1
ebtables -D FORWARD :1
ebtables -L FORWARD --Ln
ebtables -I FORWARD 0 -p arp -j DROP
ebtables -I FORWARD -1 -p arp -j DROP
ebtables -I FORWARD -9 -p arp -j DROP
ebtables -I FORWARD 6 -p arp -j ACCEPT
ebtables -I FORWARD 5 -p ipv6 -j ACCEPT
ebtables -I FORWARD x -p ipv6 -j ACCEPT
ebtables -L FORWARD --Ln
ebtables -D FORWARD 3:
ebtables -D FORWARD
ebtables -D FORWARD 1 -j ACCEPT
ebtables -C FORWARD 1 5 6
ebtables -C FORWARD 1:2 +5 6
ebtables -C FORWARD 1: -1 -1
ebtables -C FORWARD 7 1 1
ebtables -L FORWARD --Lc
ebtables -D FORWARD :
ebtables -L FORWARD --Lc
for c in A B C; do ebtables -N $c; done
ebtables -A A -j B
ebtables -A B -j C
ebtables -A C -j A
ebtables -A FORWARD -j A
ebtables -A INPUT -j C
ebtables -F C
ebtables -A FORWARD -j A
ebtables -A C -j A
ebtables -A C -j B
ebtables -A C -j C
ebtables -A INPUT -j C
ebtables -A INPUT -j B
ebtables -A B -p arp -j C
ebtables -E C D
ebtables -E D FORWARD
ebtables -E NOPE X
ebtables -E INPUT IN2
ebtables -X D
ebtables -X
ebtables -F
ebtables -X A
ebtables -L
ebtables -X
ebtables -L
ebtables -P D DROP
ebtables -N D -P
ebtables -N D -P ACCEPT extra
ebtables -N D -P DROP
ebtables -N "E F"
ebtables -N 1234567890123456789012345678901
ebtables -N 12345678901234567890123456789012
ebtables -L --Lx
