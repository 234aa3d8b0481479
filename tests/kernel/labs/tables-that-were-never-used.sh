# Tables exist once a route was put into them; rules and error routes without devices.
ip netns add n
ip -n n route
ip -n n route show table local
ip -n n route show table 7
ip -n n route show table all
ip -n n link set lo up
ip -n n route
ip -n n route show table local
ip -n n route show table default
ip -n n route show table 7
ip -n n route flush table 7
ip -n n rule add lookup 7
ip -n n route show table 7
ip -n n route add 10.0.0.0/8 dev lo table 7
ip -n n route show table 7
ip -n n route del 10.0.0.0/8 table 7
ip -n n route show table 7
ip -n n route del 10.0.0.0/8 table 8
ip -n n route show table 8
ip -n n route show table 0
ip -n n route show table foo
ip -n n route add 10.0.0.0/8 dev lo table 4294967295
ip -n n route show table 4294967295
ip -n n route add blackhole default metric 100
ip -n n route add unreachable default metric 200
ip -n n route show
ip -n n route get 1.1.1.1
ip -n n route del default
ip -n n route get 1.1.1.1
ip -n n route flush
ip -n n route flush table main
ip -n n route
ip -n n route get 1.1.1.1
ip -n n route get 10.0.0.1
ip -n n rule show table 7
ip -n n rule del lookup 7
ip -n n rule add from 1.2.3.0/24 to 10.0.0.0/8 fwmark 0x10/0xf0 iif lo lookup 7 pref 5
ip -n n rule add from 1.2.3.4 lookup 7 pref 5
ip -n n rule add from 1.2.3.4 lookup 7 pref 5
ip -n n rule
ip -n n rule del from 1.2.3.4
ip -n n rule del pref 5
ip -n n rule del pref 5
ip -n n rule add pref 40000 blackhole
ip -n n rule del pref 32766
ip -n n rule
ip -n n route get 127.0.0.1
ip -n n route get 10.0.0.1
ip -n n route add default dev lo
ip -n n route get 10.0.0.1
