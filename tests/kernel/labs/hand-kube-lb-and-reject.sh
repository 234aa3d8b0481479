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
-A KUBE-SERVICES -m comment --comment "default/udp has no endpoints" -m udp -p udp -d 10.96.0.30 --dport 53 -j REJECT
-A KUBE-EXTERNAL-SERVICES -m comment --comment "default/udp has no endpoints" -m udp -p udp -d 192.168.9.50 --dport 53 -j REJECT
-A KUBE-EXTERNAL-SERVICES -m comment --comment "default/udp has no endpoints" -m addrtype --dst-type LOCAL -m udp -p udp --dport 30053 -j REJECT
-A KUBE-PROXY-FIREWALL -m comment --comment "prod/lb:http traffic not accepted by KUBE-FW-H4MYTEY4PKS3INNS" -m tcp -p tcp -d 192.168.9.60 --dport 80 -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
*nat
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-SVC-H4MYTEY4PKS3INNS - [0:0]
:KUBE-EXT-H4MYTEY4PKS3INNS - [0:0]
:KUBE-FW-H4MYTEY4PKS3INNS - [0:0]
:KUBE-SEP-56M6EV3MW3PJPDAI - [0:0]
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
-A KUBE-SERVICES -m comment --comment "prod/lb:http cluster IP" -m tcp -p tcp -d 10.96.0.31 --dport 80 -j KUBE-SVC-H4MYTEY4PKS3INNS
-A KUBE-SERVICES -m comment --comment "prod/lb:http loadbalancer IP" -m tcp -p tcp -d 192.168.9.60 --dport 80 -j KUBE-FW-H4MYTEY4PKS3INNS
-A KUBE-NODEPORTS -m comment --comment prod/lb:http -m tcp -p tcp --dport 30080 -j KUBE-EXT-H4MYTEY4PKS3INNS
-A KUBE-SVC-H4MYTEY4PKS3INNS -m comment --comment "prod/lb:http cluster IP" -m tcp -p tcp -d 10.96.0.31 --dport 80 ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ
-A KUBE-EXT-H4MYTEY4PKS3INNS -m comment --comment "masquerade traffic for prod/lb:http external destinations" -j KUBE-MARK-MASQ
-A KUBE-EXT-H4MYTEY4PKS3INNS -j KUBE-SVC-H4MYTEY4PKS3INNS
-A KUBE-FW-H4MYTEY4PKS3INNS -m comment --comment "prod/lb:http loadbalancer IP" -s 192.168.9.0/24 -j KUBE-EXT-H4MYTEY4PKS3INNS
-A KUBE-FW-H4MYTEY4PKS3INNS -m comment --comment "prod/lb:http loadbalancer IP" -s 10.0.0.0/8 -j KUBE-EXT-H4MYTEY4PKS3INNS
-A KUBE-FW-H4MYTEY4PKS3INNS -m comment --comment "other traffic to prod/lb:http will be dropped by KUBE-PROXY-FIREWALL"
-A KUBE-SVC-H4MYTEY4PKS3INNS -m comment --comment "prod/lb:http -> 10.244.0.2:8080" -m recent --name KUBE-SEP-56M6EV3MW3PJPDAI --rcheck --seconds 30 --reap -j KUBE-SEP-56M6EV3MW3PJPDAI
-A KUBE-SVC-H4MYTEY4PKS3INNS -m comment --comment "prod/lb:http -> 10.244.0.2:8080" -j KUBE-SEP-56M6EV3MW3PJPDAI
-A KUBE-SEP-56M6EV3MW3PJPDAI -m comment --comment prod/lb:http -s 10.244.0.2 -j KUBE-MARK-MASQ
-A KUBE-SEP-56M6EV3MW3PJPDAI -m comment --comment prod/lb:http -m recent --name KUBE-SEP-56M6EV3MW3PJPDAI --set -m tcp -p tcp -j DNAT --to-destination 10.244.0.2:8080
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
COMMIT
EOF
iptables -t raw -I PREROUTING -p tcp -j TRACE
iptables -t raw -I OUTPUT -p tcp -j TRACE
iptables -t raw -I PREROUTING -p udp -j TRACE
ip -n ext addr add 192.168.77.7/32 dev lo
ip route add 192.168.77.7 via 192.168.9.2
for i in 50 60; do ip -n ext route add 192.168.9.$i/32 via 192.168.9.1; done
ip route add 10.96.0.0/16 dev cni0
ip netns exec p1 nc -lk 8080 > /tmp/p1 &
ip link set vethp1 type bridge_slave hairpin on
sleep 0.3
echo a | ip netns exec ext nc -N -w 2 -p 4000 192.168.9.60 80
(echo b | ip netns exec ext nc -N -w 4 -s 192.168.77.7 -p 4001 192.168.9.60 80) &
sleep 2
echo c | ip netns exec p1 nc -N -w 2 -p 4002 192.168.9.60 80
echo d | ip netns exec ext nc -u -w 1 -p 4003 192.168.9.50 53
echo e | ip netns exec ext nc -u -w 1 -p 4004 192.168.9.1 30053
echo f | ip netns exec p2 nc -u -w 1 -p 4005 10.96.0.30 53
echo g | nc -u -w 1 -p 4006 10.96.0.30 53
cat /tmp/p1
iptables -t raw -nvL --line-numbers
iptables -t nat -nvL --line-numbers
iptables -nvL --line-numbers
conntrack -L -p tcp
