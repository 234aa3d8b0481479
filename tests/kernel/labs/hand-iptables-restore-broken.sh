P() { printf "$@" | iptables-restore $O; echo "rc $?"; }
O=-v
P '*filter\n-I INPUT -s 9.9.9.9 -j DROP\nCOMMIT\n'
O="-n -v"
P '*filter\n-A INPUT -s 9.9.9.8 -j DROP\n-I INPUT 2 -s 9.9.9.7 -g FOO\nCOMMIT\n'
P '*filter\n:FOO -\n-A INPUT -s 9.9.9.8 -j DROP\n-I INPUT 2 -s 9.9.9.7 -g FOO\n-D INPUT 1\n-N BAR\n-F FOO\n-X BAR\n-P INPUT DROP\n-Z\n-R INPUT 1 -j FOO\nCOMMIT\n'
iptables -S
O=-n
P '*filter\n-A INPUT -j OUTPUT\n-A INPUT -j ACCEPT\nCOMMIT\n'
P '*filter\n-A INPUT -j MASQUERADE\n-A INPUT -p esp\nCOMMIT\n'
P '*filter\n-A INPUT -j MASQUERADE\n-A INPUT --bad\nCOMMIT\n'
P '*filter\n:A1 -\n:A2 -\n-A A1 -j A2\n-A A2 -j A1\n-A INPUT -j A1\n-A INPUT\nCOMMIT\n'
P '*filter\nCOMMIT'
P '*filter\n-A INPUT -p ah\nCOMMIT '
P '*filter\n-A INPUT -p ah\n COMMIT\nCOMMIT\n'
P '*filter\n-A INPUT -p ah'
P '*filter\n*nat\nCOMMIT\n'
P '*filter\n:\nCOMMIT\n'
P '*filter\n:INPUT -\n:OUTPUT - [7:8]\nCOMMIT\n'
P '*\nCOMMIT\n'
P ' *filter\nCOMMIT\n'
P '*filter\n\t-A INPUT -p 99\n   -A INPUT -p 98\n  \nCOMMIT\n'
P '*filter\n-A INPUT -p 97\n\nCOMMIT\n\n   \n'
P '*filter\n:thischainnameisfartoolongtobeone - [0:0]\nCOMMIT\n'
P '*filter\n-A INPUT -m comment --comment "-t x" -j ACCEPT\nCOMMIT\n'
P '*filter\n-A INPUT -m comment --comment -nt -j ACCEPT\nCOMMIT\n'
P '*filter\n-A INPUT --table nat\nCOMMIT\n'
O="-n -c"
P '*filter\n[3:4] -I INPUT -p 90 -j ACCEPT\n[5:6]-A INPUT -p 91\n[7] -A INPUT -p 92\nCOMMIT\n'
P '*filter\n[3:4] -I INPUT -p 90 -j ACCEPT\n[5:6]-A INPUT -p 91\nCOMMIT\n'
P '*filter\n[3:4] -P OUTPUT ACCEPT\nCOMMIT\n'
P '*filter\n-P OUTPUT ACCEPT -c 8 9\n-A INPUT -c 1 2 -p 93\nCOMMIT\n'
P '*filter\n:FORWARD ACCEPT [12:13\n:ZED - bad\n-A INPUT -p 94\nCOMMIT\n'
iptables-save -c
O="-T mangle -n"
P '*filter\n-A INPUT -j BAD\nCOMMIT\n*mangle\n-A INPUT -p 50\nCOMMIT\nrubbish\n'
iptables-restore /nosuch; echo $?
iptables-restore -n </dev/null; echo $?
iptables-save
