ip link add br0 type bridge
A="ebtables -A FORWARD -p ipv4"
$A --ip-icmp-type 8 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 256 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 255 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 5:3 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 3/4:2 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 3/256 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 3/x -j CONTINUE
$A --ip-proto icmp --ip-icmp-type x -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 8x -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 8/ -j CONTINUE
$A --ip-proto icmp --ip-icmp-type echo -j CONTINUE
$A --ip-proto icmp --ip-icmp-type host -j CONTINUE
$A --ip-proto icmp --ip-icmp-type any -j CONTINUE
$A --ip-proto icmp --ip-icmp-type ttl -j CONTINUE
$A --ip-proto icmp --ip-icmp-type Echo-Request -j CONTINUE
$A --ip-proto icmp --ip-icmp-type ECHO-REPLY -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 1000000 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type -1 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type "" -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 0:255 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 0:255/0:255 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 3:5/1 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 3:x -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 3:300 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 0x8 -j CONTINUE
$A --ip-proto icmp --ip-icmp-type 010 -j CONTINUE
$A --ip-proto 2 --ip-icmp-type 8 -j CONTINUE
$A --ip-proto ! icmp --ip-icmp-type 8 -j CONTINUE
ebtables -A FORWARD --ip-icmp-type 8 -j CONTINUE
ebtables -A FORWARD -p arp --ip-icmp-type 8 -j CONTINUE
$A --ip-proto udp --ip-dport 5:70000 -j CONTINUE
$A --ip-proto udp --ip-dport 70000 -j CONTINUE
$A --ip-proto udp --ip-dport : -j CONTINUE
$A --ip-proto udp --ip-dport 1:2:3 -j CONTINUE
$A --ip-proto udp --ip-dport 0x35 -j CONTINUE
$A --ip-proto udp --ip-dport -5 -j CONTINUE
$A --ip-proto 256 -j CONTINUE
$A --ip-proto 255 -j CONTINUE
$A --ip-proto 0 -j CONTINUE
$A --ip-proto ip -j CONTINUE
$A --ip-proto UDP -j CONTINUE
$A --ip-proto 0x11 -j CONTINUE
$A --ip-tos 0x -j CONTINUE
$A --ip-tos 256 -j CONTINUE
$A --ip-tos ff -j CONTINUE
$A --ip-src 0.0.0.0/0 -j CONTINUE
$A --ip-src 10.1.2.3/0 -j CONTINUE
$A --ip-src 10.1.2.3/255.0.255.0 -j CONTINUE
$A --ip-src 10.1.2.3/255.0.255 -j CONTINUE
$A --ip-src localhost -j CONTINUE
$A --ip-src 10.1.2.3/ -j CONTINUE
$A --ip-src / -j CONTINUE
ebtables -L FORWARD --Ln
ebtables -F
ebtables -A FORWARD -p 802_1Q --vlan-id x -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-id 0 -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-id -1 -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-id 99999 -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-prio 8 -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-prio x -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-encap x -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-encap 10000 -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-encap IPv4 -j DROP
ebtables -A FORWARD -p 802_1Q --vlan-encap 0 -j DROP
ebtables -A FORWARD -p LENGTH --802_3-sap 0x142 -j DROP
ebtables -A FORWARD -p LENGTH --802_3-sap x -j DROP
ebtables -A FORWARD -p LENGTH --802_3-type 0x10000 -j DROP
ebtables -A FORWARD --802_3-type 0x1 -j DROP
ebtables -A FORWARD --limit 0/s -j DROP
ebtables -A FORWARD --limit x -j DROP
ebtables -A FORWARD --limit 10001/s -j DROP
ebtables -A FORWARD --limit 10000/s -j DROP
ebtables -A FORWARD --limit 3/fortnight -j DROP
ebtables -A FORWARD --limit 3/day --limit-burst 10001 -j DROP
ebtables -A FORWARD --limit 3/day --limit-burst 0 -j DROP
ebtables -A FORWARD --limit 3/day --limit-burst x -j DROP
ebtables -A FORWARD --limit-burst 3 -j DROP
ebtables -A FORWARD --limit 3 -j DROP
ebtables -A FORWARD --limit ! 3 -j DROP
ebtables -A FORWARD --mark x -j DROP
ebtables -A FORWARD --mark 1/x -j DROP
ebtables -A FORWARD --mark / -j DROP
ebtables -A FORWARD --mark 0x1ffffffff -j DROP
ebtables -A FORWARD --mark -1 -j DROP
ebtables -A FORWARD --mark 010 -j DROP
ebtables -A FORWARD --mark 5/0 -j DROP
ebtables -A FORWARD --pkttype-type 256 -j DROP
ebtables -A FORWARD --pkttype-type 255 -j CONTINUE
ebtables -A FORWARD --pkttype-type HOST -j CONTINUE
ebtables -A FORWARD --pkttype-type 0x2 -j CONTINUE
ebtables -A FORWARD -s 1:2:3:4:5 -j CONTINUE
ebtables -A FORWARD -s 1:2:3:4:5:6/ff -j CONTINUE
ebtables -A FORWARD -s 1:2:3:4:5:6/ff:ff:ff:00:00:00 -j CONTINUE
ebtables -A FORWARD -s unicast -d multicast -j CONTINUE
ebtables -A FORWARD -d 01:00:00:00:00:00/01:00:00:00:00:00 -j CONTINUE
ebtables -A FORWARD -j mark --set-mark 0x1ffffffff
ebtables -A FORWARD -j mark --mark-set x
ebtables -A FORWARD -j mark --mark-set 1 --mark-or 2
ebtables -A FORWARD -j mark --mark-set 1 --mark-target FOO
ebtables -A FORWARD -j mark --mark-set 1 --mark-target RETURN
ebtables -A FORWARD --mark-set 1 -j mark
ebtables -A FORWARD -j ACCEPT --mark-set 1
ebtables -A FORWARD -j dnat --to-dst 1:2:3:4:5:6
ebtables -t nat -A PREROUTING -j dnat --to-dst 1:2:3:4:5
ebtables -t nat -A PREROUTING -j dnat
ebtables -t nat -A PREROUTING -j arpreply --arpreply-mac 1:2:3:4:5:6
ebtables -t nat -A PREROUTING -p arp -j arpreply
ebtables -t nat -A PREROUTING -p arp -j arpreply --arpreply-mac 1:2:3:4:5:6 --arpreply-target FOO
ebtables -t nat -A PREROUTING -p arp -j arpreply --arpreply-mac x
ebtables -A FORWARD --arp-gratuitous -p arp
ebtables -A FORWARD -p arp --arp-op nosuch
ebtables -A FORWARD -p arp --arp-op 65536
ebtables -A FORWARD -p arp --arp-op 12
ebtables -A FORWARD -p arp --arp-op request
ebtables -A FORWARD -p arp --arp-htype 70000
ebtables -A FORWARD -p arp --arp-htype foo
ebtables -A FORWARD -p arp --arp-htype Ethernet
ebtables -A FORWARD -p arp --arp-ptype foo
ebtables -A FORWARD -p arp --arp-ptype 0x10000
ebtables -A FORWARD -p arp --arp-ptype ARP
ebtables -A FORWARD -p arp --arp-mac-src foo
ebtables -A FORWARD -p arp --arp-ip-src foo
ebtables -A FORWARD -p rarp --arp-op 3
ebtables -A FORWARD -j
ebtables -A FORWARD -p
ebtables -A FORWARD -i
ebtables -A FORWARD -i a -i b
ebtables -A FORWARD -p arp -p ipv4
ebtables -A FORWARD -j DROP -j ACCEPT
ebtables -A FORWARD extra
ebtables -A
ebtables -A NOPE -j DROP
ebtables -j DROP
ebtables -L -F
ebtables -A FORWARD -L
ebtables -F FORWARD INPUT
ebtables -Z FORWARD extra
ebtables -N
ebtables -P
ebtables -P FORWARD
ebtables -P FORWARD DROP extra
ebtables -P FORWARD foo
ebtables -P NOPE DROP
ebtables -E INPUT
ebtables -E INPUT OUTPUT
ebtables -L NOPE
ebtables -L FORWARD --Lc --Ln
ebtables -N N1 -P
