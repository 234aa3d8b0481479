quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
ip netns add gw; quiet gw
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns gw address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n gw link set lo up; ip -n gw link set eth0 up
ip -n gw addr add 10.0.0.254/24 dev eth0; ip -n gw addr add 198.51.100.9/32 dev lo
ip -n gw route add 172.18.0.0/16 via 10.0.0.1
ip route add default via 10.0.0.254

iptables -t nat -A PREROUTING -d 10.50.0.0/24 -j NETMAP --to 172.18.0.0/24
iptables -t nat -A PREROUTING -p tcp --dport 7000:7010 -j REDIRECT --to-ports 80
iptables -t nat -A OUTPUT -p tcp -d 10.60.0.1 -j REDIRECT --to-ports 80
iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j NETMAP --to 10.50.0.0/24
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
iptables -t mangle -A FORWARD -p tcp --syn -j TCPMSS --set-mss 1000
ip -n gw route add 10.50.0.0/24 via 10.0.0.1
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
iptables -A FORWARD -p tcp -j LOG --log-tcp-options --log-tcp-sequence --log-prefix "opt "
(nc -k -l -p 80 > /dev/null) & (ip netns exec c3 nc -k -l -p 80 > /dev/null) & (ip netns exec gw nc -k -l -p 80 > /dev/null) &
sleep 0.2
ip netns exec gw ping -c 1 10.50.0.3
ip netns exec gw nc -n -v -z -w 2 10.50.0.3 80
ip netns exec c2 nc -n -v -z -w 2 198.51.100.9 7005
ip netns exec c2 nc -n -v -z -w 2 198.51.100.9 80
nc -n -v -z -w 2 10.60.0.1 9999
conntrack -L | sort; iptables -t nat -nvL; iptables -t mangle -nvL FORWARD; iptables-save -t nat
