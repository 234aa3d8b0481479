ip link add v1 address 02:00:00:00:00:01 type veth peer name v2 address 02:00:00:00:00:02
ip link add v3 address 02:00:00:00:00:03 type veth peer name v4 address 02:00:00:00:00:04
brctl show; echo "rc $?"
brctl addbr br1; echo "rc $?"
brctl addbr br1; echo "rc $?"
brctl addbr br0
brctl show
brctl addif br1 v3; echo "rc $?"
brctl addif br1 v1; echo "rc $?"
brctl addif br1 v1; echo "rc $?"
brctl addif br0 v1; echo "rc $?"
brctl addif nosuch v2; echo "rc $?"
brctl addif br1 nosuch; echo "rc $?"
brctl addif br1 lo; echo "rc $?"
brctl addif br1 br0; echo "rc $?"
brctl delif br1 v2; echo "rc $?"
brctl delif br1 nosuch; echo "rc $?"
brctl show
brctl show br1
brctl show nosuch; echo "rc $?"
brctl show v1; echo "rc $?"
brctl hairpin br1 v1 on; echo "rc $?"
brctl hairpin br1 v2 on; echo "rc $?"
brctl hairpin br1 v1 maybe; echo "rc $?"
brctl setageing br1 30; echo "rc $?"
brctl setageing nosuch 30; echo "rc $?"
brctl setageing br1 x; echo "rc $?"
brctl setfd br1 0; echo "rc $?"
brctl stp br1 off; echo "rc $?"
brctl showmacs br1
brctl showmacs nosuch; echo "rc $?"
ip link set br1 up
brctl delbr br1; echo "rc $?"
brctl delbr nosuch; echo "rc $?"
brctl delif br1 v1; echo "rc $?"
brctl delbr v1; echo "rc $?"
brctl delbr br0; echo "rc $?"
brctl show
brctl; echo "rc $?"
brctl foo; echo "rc $?"
brctl addbr; echo "rc $?"
brctl addif br1; echo "rc $?"
