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
# What ebtables refuses.
ebtables -A NOCHAIN -j DROP; echo $?
ebtables -A FORWARD -j NOTARGET; echo $?
ebtables -t none -L; echo $?
ebtables -A FORWARD --ip-src 1.2.3.4 -j DROP; echo $?
ebtables -A FORWARD -p ipv4 --ip-dport 80 -j DROP; echo $?
ebtables -A FORWARD -p arp --arp-ip-src 1.2.3.4.5 -j DROP; echo $?
ebtables -D FORWARD -j DROP; echo $?
ebtables -D FORWARD 3; echo $?
ebtables -N A; ebtables -N A; echo $?
ebtables -X NOPE; echo $?
ebtables -X A; echo $?; ebtables -N A
ebtables -E A B; ebtables -L FORWARD; ebtables -E NOPE C; echo $?
ebtables -P B DROP; ebtables -P FORWARD RETURN; echo $?
ebtables -P FORWARD CONTINUE; echo $?
ebtables -A INPUT -o veth2 -j DROP; echo $?
ebtables -A OUTPUT -i veth2 -j DROP; echo $?
ebtables -A FORWARD -s xx -j DROP; echo $?
ebtables -A FORWARD -i averyveryverylongname -j DROP; echo $?
ebtables -A FORWARD -p nosuch -j DROP; echo $?
ebtables -t filter -A INPUT -j dnat --to-destination 02:42:ac:12:00:03; echo $?
ebtables -t nat -A PREROUTING -j snat --to-source 02:42:ac:12:00:03; echo $?
ebtables -t nat -A PREROUTING -j dnat; echo $?
ebtables -A FORWARD -j RETURN; echo $?
ebtables -I FORWARD 9 -j DROP; echo $?
ebtables -I FORWARD -j DROP -j ACCEPT; echo $?
ebtables -L; ebtables -F; ebtables -X; ebtables -L
