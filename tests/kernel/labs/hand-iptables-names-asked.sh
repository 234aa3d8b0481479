iptables -t raw -A OUTPUT -o lo -j LOG --log-prefix "lo "
iptables -A INPUT -s host.example -j ACCEPT; echo $?
iptables -A INPUT -d a,b -j ACCEPT; echo $?
iptables -A INPUT -s 1.2.3.4/foo; echo $?
iptables -A INPUT -s foo/24; echo $?
iptables -A INPUT -m conntrack --ctorigsrc nohost; echo $?
iptables -A INPUT -m conntrack --ctorigsrc nohost/24; echo $?
iptables -A INPUT -m conntrack --ctorigsrc 1.2.3.4/240; echo $?
iptables -A INPUT -m recent --set --mask x; echo $?
iptables -A INPUT -s 1.2.3.4.5; echo $?
iptables -A INPUT -s ""; echo $?
iptables -A INPUT -s /24; echo $?
iptables -A INPUT -s 1.2.3.4/; echo $?
iptables -A INPUT -s 1.2.3.4,; echo $?
iptables -D INPUT -s nowhere -j DROP; echo $?
iptables -C INPUT -d 300.1.1.1; echo $?
iptables -nvL
iptables -t raw -nvL
