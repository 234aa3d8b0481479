iptables -v -A INPUT -s 10.0.0.1 -p tcp --dport 80 -m comment --comment hi -j ACCEPT
iptables -v -I INPUT 1 -i lo -j LOG --log-prefix "x "
iptables -v -A INPUT -s 1.1.1.1,2.2.2.2 -d 3.3.3.3 ! -i eth0
iptables -v -R INPUT 1 -i lo -j RETURN
iptables -v -D INPUT 1
iptables -v -D INPUT -s 10.0.0.1 -p tcp --dport 80 -m comment --comment hi -j ACCEPT
iptables -v -C INPUT -s 1.1.1.1 -d 3.3.3.3 ! -i eth0; echo $?
iptables -v -N U
iptables -v -A U -j RETURN
iptables -v -E U V
iptables -v -F V
iptables -v -Z V
iptables -v -Z INPUT 1
iptables -v -X V
iptables -v -N A1
iptables -v -N A2
iptables -v -X
iptables -v -F
iptables -v -Z
iptables -v -P FORWARD DROP
iptables -v -t nat -F
iptables -v -t nat -A POSTROUTING -o eth0 -j MASQUERADE
iptables -v -t mangle -A PREROUTING -f -j MARK --set-mark 1
iptables -S
printf '*filter\n:U1 -\n-A INPUT -j U1\n-A U1 -s 10.0.0.1 -j DROP\nCOMMIT\n' | iptables-restore -v
iptables -S -v
iptables -L -n -v -x --line-numbers
