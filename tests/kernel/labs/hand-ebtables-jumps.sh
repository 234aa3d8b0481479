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
for chain in PREROUTING OUTPUT POSTROUTING; do ebtables -t nat -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:nat:$chain" -j CONTINUE; done
for chain in INPUT FORWARD OUTPUT; do ebtables -t filter -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:filter:$chain" -j CONTINUE; done
ebtables -t broute -A BROUTING --log-level 6 --log-ip --log-arp --log-prefix "eb:broute:BROUTING" -j CONTINUE
# User chains nested, RETURN, CONTINUE at the end, and counters.
ebtables -N ONE; ebtables -N TWO -P RETURN; ebtables -N THREE -P CONTINUE 2> /dev/null || ebtables -N THREE -P RETURN
ebtables -I FORWARD 1 -p ipv4 -j ONE; ebtables -A ONE -j TWO; ebtables -A ONE -p ipv4 --ip-proto icmp -j THREE; ebtables -A ONE -j RETURN
ebtables -A TWO -p ipv4 --ip-src 172.18.0.2 -j RETURN; ebtables -A TWO -p ipv4 --ip-dst 172.18.0.4 -j DROP
ebtables -A THREE -p ipv4 --ip-proto icmp --ip-icmp-type echo-reply --log --log-prefix reply -j CONTINUE
ebtables -P ONE RETURN
ip netns exec c2 ping -c 1 -W 1 172.18.0.4; ip netns exec c3 ping -c 1 -W 1 172.18.0.4; ip netns exec c3 ping -c 1 -W 1 172.18.0.2
ebtables -L --Lc --Ln; ebtables -L ONE --Lx; ebtables -D ONE 1; ebtables -D ONE -p ipv4 --ip-proto icmp -j THREE; ebtables -L ONE; ebtables -Z ONE; ebtables -L ONE --Lc
