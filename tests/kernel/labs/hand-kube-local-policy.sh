ip netns add ext
ip link add eth0 type veth peer name eth0 netns ext
ip addr add 192.168.9.1/24 dev eth0
ip link set eth0 up
ip -n ext addr add 192.168.9.2/24 dev eth0
ip -n ext link set eth0 up
ip -n ext link set lo up
ip link add cni0 address 02:42:00:00:cc:01 type bridge
ip addr add 10.244.0.1/16 dev cni0
ip link set cni0 up
ip netns add p1
ip link add vethp1 type veth peer name eth0 netns p1 address 02:42:00:00:cc:02
ip link set vethp1 master cni0 up
ip -n p1 link set eth0 up
ip -n p1 link set lo up
ip -n p1 addr add 10.244.0.2/16 dev eth0
ip -n p1 route add default via 10.244.0.1
ip netns add p2
ip link add vethp2 type veth peer name eth0 netns p2 address 02:42:00:00:cc:03
ip link set vethp2 master cni0 up
ip -n p2 link set eth0 up
ip -n p2 link set lo up
ip -n p2 addr add 10.244.0.3/16 dev eth0
ip -n p2 route add default via 10.244.0.1
sleep 2.5
iptables -t mangle -N KUBE-PROXY-CANARY
iptables -t nat -N KUBE-PROXY-CANARY
iptables -t filter -N KUBE-PROXY-CANARY
iptables -t filter -N KUBE-EXTERNAL-SERVICES
iptables -t filter -I INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
iptables -t filter -I FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
iptables -t filter -N KUBE-NODEPORTS
iptables -t filter -I INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
iptables -t filter -N KUBE-SERVICES
iptables -t filter -I FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
iptables -t filter -I OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
iptables -t filter -N KUBE-FORWARD
iptables -t filter -I FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
iptables -t filter -N KUBE-PROXY-FIREWALL
iptables -t filter -I INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
iptables -t filter -I OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
iptables -t filter -I FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
iptables -t nat -N KUBE-SERVICES
iptables -t nat -I OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
iptables -t nat -I PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
iptables -t nat -N KUBE-POSTROUTING
iptables -t nat -I POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
iptables -t filter -N KUBE-FIREWALL
iptables -t filter -I INPUT -j KUBE-FIREWALL
iptables -t filter -I OUTPUT -j KUBE-FIREWALL
iptables-restore --noflush --counters <<EOF
*filter
:KUBE-SERVICES - [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
:KUBE-FIREWALL - [0:0]
-A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-EXTERNAL-SERVICES -m comment --comment "default/two has no local endpoints" -m tcp -p tcp -d 192.168.9.88 --dport 80 -j DROP
-A KUBE-EXTERNAL-SERVICES -m comment --comment "default/two has no local endpoints" -m addrtype --dst-type LOCAL -m tcp -p tcp --dport 30011 -j DROP
-A KUBE-PROXY-FIREWALL -m comment --comment "default/two traffic not accepted by KUBE-FW-CXZHUCCWTMX77ZOF" -m tcp -p tcp -d 192.168.9.88 --dport 80 -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
*nat
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-SVC-CXZHUCCWTMX77ZOF - [0:0]
:KUBE-EXT-CXZHUCCWTMX77ZOF - [0:0]
:KUBE-FW-CXZHUCCWTMX77ZOF - [0:0]
:KUBE-SEP-6QG3CLG6PVAMTCTQ - [0:0]
:KUBE-SVL-4HAM2YL4HFKPZDPZ - [0:0]
:KUBE-EXT-4HAM2YL4HFKPZDPZ - [0:0]
:KUBE-SVC-4HAM2YL4HFKPZDPZ - [0:0]
:KUBE-SEP-JGOWHC2DEIAIFJ3V - [0:0]
:KUBE-SEP-GMJ5JJKPZ6BSHNFP - [0:0]
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
-A KUBE-SERVICES -m comment --comment "default/two cluster IP" -m tcp -p tcp -d 10.96.0.11 --dport 80 -j KUBE-SVC-CXZHUCCWTMX77ZOF
-A KUBE-SERVICES -m comment --comment "default/two loadbalancer IP" -m tcp -p tcp -d 192.168.9.88 --dport 80 -j KUBE-FW-CXZHUCCWTMX77ZOF
-A KUBE-NODEPORTS -m comment --comment default/two -m tcp -p tcp --dport 30011 -j KUBE-EXT-CXZHUCCWTMX77ZOF
-A KUBE-SVC-CXZHUCCWTMX77ZOF -m comment --comment "default/two cluster IP" -m tcp -p tcp -d 10.96.0.11 --dport 80 ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ
-A KUBE-EXT-CXZHUCCWTMX77ZOF -m comment --comment "pod traffic for default/two external destinations" -s 10.244.0.0/16 -j KUBE-SVC-CXZHUCCWTMX77ZOF
-A KUBE-EXT-CXZHUCCWTMX77ZOF -m comment --comment "masquerade LOCAL traffic for default/two external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
-A KUBE-EXT-CXZHUCCWTMX77ZOF -m comment --comment "route LOCAL traffic for default/two external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC-CXZHUCCWTMX77ZOF
-A KUBE-FW-CXZHUCCWTMX77ZOF -m comment --comment "default/two loadbalancer IP" -s 192.168.9.2/32 -j KUBE-EXT-CXZHUCCWTMX77ZOF
-A KUBE-FW-CXZHUCCWTMX77ZOF -m comment --comment "other traffic to default/two will be dropped by KUBE-PROXY-FIREWALL"
-A KUBE-SVC-CXZHUCCWTMX77ZOF -m comment --comment "default/two -> 10.244.7.2:80" -j KUBE-SEP-6QG3CLG6PVAMTCTQ
-A KUBE-SEP-6QG3CLG6PVAMTCTQ -m comment --comment default/two -s 10.244.7.2 -j KUBE-MARK-MASQ
-A KUBE-SEP-6QG3CLG6PVAMTCTQ -m comment --comment default/two -m tcp -p tcp -j DNAT --to-destination 10.244.7.2:80
-A KUBE-SERVICES -m comment --comment "default/loc cluster IP" -m tcp -p tcp -d 10.96.0.12 --dport 80 -j KUBE-SVL-4HAM2YL4HFKPZDPZ
-A KUBE-NODEPORTS -m comment --comment default/loc -m tcp -p tcp --dport 30012 -j KUBE-EXT-4HAM2YL4HFKPZDPZ
-A KUBE-SVL-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc cluster IP" -m tcp -p tcp -d 10.96.0.12 --dport 80 ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ
-A KUBE-EXT-4HAM2YL4HFKPZDPZ -m comment --comment "pod traffic for default/loc external destinations" -s 10.244.0.0/16 -j KUBE-SVC-4HAM2YL4HFKPZDPZ
-A KUBE-EXT-4HAM2YL4HFKPZDPZ -m comment --comment "masquerade LOCAL traffic for default/loc external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
-A KUBE-EXT-4HAM2YL4HFKPZDPZ -m comment --comment "route LOCAL traffic for default/loc external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC-4HAM2YL4HFKPZDPZ
-A KUBE-EXT-4HAM2YL4HFKPZDPZ -j KUBE-SVL-4HAM2YL4HFKPZDPZ
-A KUBE-SVC-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc -> 10.244.0.2:8080" -m recent --name KUBE-SEP-JGOWHC2DEIAIFJ3V --rcheck --seconds 60 --reap -j KUBE-SEP-JGOWHC2DEIAIFJ3V
-A KUBE-SVC-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc -> 10.244.7.3:8080" -m recent --name KUBE-SEP-GMJ5JJKPZ6BSHNFP --rcheck --seconds 60 --reap -j KUBE-SEP-GMJ5JJKPZ6BSHNFP
-A KUBE-SVC-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc -> 10.244.0.2:8080" -m statistic --mode random --probability 0.5000000000 -j KUBE-SEP-JGOWHC2DEIAIFJ3V
-A KUBE-SVC-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc -> 10.244.7.3:8080" -j KUBE-SEP-GMJ5JJKPZ6BSHNFP
-A KUBE-SVL-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc -> 10.244.0.2:8080" -m recent --name KUBE-SEP-JGOWHC2DEIAIFJ3V --rcheck --seconds 60 --reap -j KUBE-SEP-JGOWHC2DEIAIFJ3V
-A KUBE-SVL-4HAM2YL4HFKPZDPZ -m comment --comment "default/loc -> 10.244.0.2:8080" -j KUBE-SEP-JGOWHC2DEIAIFJ3V
-A KUBE-SEP-JGOWHC2DEIAIFJ3V -m comment --comment default/loc -s 10.244.0.2 -j KUBE-MARK-MASQ
-A KUBE-SEP-JGOWHC2DEIAIFJ3V -m comment --comment default/loc -m recent --name KUBE-SEP-JGOWHC2DEIAIFJ3V --set -m tcp -p tcp -j DNAT --to-destination 10.244.0.2:8080
-A KUBE-SEP-GMJ5JJKPZ6BSHNFP -m comment --comment default/loc -s 10.244.7.3 -j KUBE-MARK-MASQ
-A KUBE-SEP-GMJ5JJKPZ6BSHNFP -m comment --comment default/loc -m recent --name KUBE-SEP-GMJ5JJKPZ6BSHNFP --set -m tcp -p tcp -j DNAT --to-destination 10.244.7.3:8080
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
COMMIT
EOF
iptables -t raw -I PREROUTING -p tcp -j TRACE
iptables -t raw -I OUTPUT -p tcp -j TRACE
iptables -t raw -I PREROUTING -p udp -j TRACE
ip netns exec p1 nc -lk 8080 > /tmp/p1 &
ip -n ext route add 192.168.9.88/32 via 192.168.9.1
ip route add 10.96.0.0/16 dev cni0
sleep 0.3
echo a | ip netns exec ext nc -N -w 2 -p 4001 192.168.9.1 30012
echo b | ip netns exec ext nc -N -w 2 -p 4002 192.168.9.1 30012
echo c | ip netns exec p2 nc -N -w 2 -p 4003 10.96.0.12 80
echo d | nc -N -w 2 -p 4004 10.96.0.12 80
(echo e | ip netns exec ext nc -N -w 3 -p 4005 192.168.9.1 30011) &
sleep 0.5
(echo e | ip netns exec ext nc -N -w 3 -p 4006 192.168.9.88 80) &
sleep 3.5
cat /tmp/p1
iptables -t raw -nvL --line-numbers
iptables -t nat -nvL --line-numbers
iptables -nvL --line-numbers
conntrack -L -p tcp
