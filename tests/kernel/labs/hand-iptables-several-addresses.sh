iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport 80 -j ACCEPT
iptables -A INPUT -p tcp -s 10.0.0.0/8 -m tcp --dport 80 -j DROP
iptables -A INPUT -s 10.1.2.3/255.0.0.0 -p tcp --dport 80 -j ACCEPT
iptables -A INPUT -i eth+ ! -s 192.168.1.1 -m comment --comment "x y" -j RETURN
iptables -A INPUT -s 1.1.1.1,2.2.2.0/23 -d 3.3.3.3,4.4.4.4/30 -j DROP
iptables -C INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT; echo $?
iptables -C INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 81 -j ACCEPT; echo $?
iptables -C INPUT -s 10.0.0.0/8 -p tcp --dport 80; echo $?
iptables -C FORWARD -s 10.0.0.0/8 -p tcp --dport 80 -j ACCEPT; echo $?
iptables -C NOSUCH -j ACCEPT; echo $?
iptables -C INPUT -s 1.1.1.1,2.2.3.7/23 -d 4.4.4.5/30 -j DROP; echo $?
iptables -C INPUT -s 1.1.1.1,9.9.9.9 -d 4.4.4.5/30 -j DROP; echo $?
iptables -D INPUT -s 1.1.1.1,9.9.9.9 -d 4.4.4.5/30 -j DROP; echo $?
iptables -S INPUT
iptables -D INPUT 2
iptables -D INPUT -s 10.0.0.0/8 -p tcp --dport http -j ACCEPT
iptables -D INPUT -s 10.0.0.0/8 -p tcp --dport http -j ACCEPT
iptables -D INPUT -s 10.0.0.0/8 -p tcp --dport http -j ACCEPT; echo $?
iptables -D INPUT -i eth+ ! -s 192.168.1.1 -m comment --comment "x  y" -j RETURN; echo $?
iptables -D INPUT -i eth+ ! -s 192.168.1.1/32 -m comment --comment "x y" -j RETURN; echo $?
iptables -I INPUT 0 -j ACCEPT; echo $?
iptables -D INPUT 0; echo $?
iptables -R INPUT 1 -s 5.5.5.5,6.6.6.6 -j DROP; echo $?
iptables -R INPUT -j DROP; echo $?
iptables -D INPUT; echo $?
iptables -R INPUT 1; echo $?
iptables -I INPUT 2 -s 7.7.7.1,7.7.7.2,7.7.7.3 -j ACCEPT
iptables -A INPUT ! -s 7.7.7.1,7.7.7.2 -j ACCEPT; echo $?
iptables -A INPUT -s 0/0 -d 0.0.0.0/0 -j LOG
iptables -A INPUT ! -s 0/0 -j LOG; echo $?
iptables -A INPUT -s 10.0.0.1/24 -d 10.1.2.3/0.255.0.255 -j LOG; echo $?
iptables -A INPUT -s 10.0.0.300 -j LOG; echo $?
iptables -A INPUT -s 10.0.0.3/33 -j LOG; echo $?
iptables -A INPUT -s 10 -d 10.1 -j ACCEPT; echo $?
iptables -A INPUT -i lo -o lo; echo $?
iptables -A OUTPUT -i lo; echo $?
iptables -A FORWARD ! -i + ! -o lo; echo $?
iptables -A FORWARD -i averyverylongname; echo $?
iptables -A FORWARD -i fifteencharsabc ; echo $?
iptables -S
iptables -nvL --line-numbers
