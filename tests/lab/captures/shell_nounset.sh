echo a
if true; then
echo b
ip link add br0 type bridge
ip link add br0 type bridge
echo $?
ip link set nosuch up; echo $?
ip addr add 10.0.0.1/24 dev nosuch; echo $?
ip addr add 10.0.0.1/24 dev br0; ip addr add 10.0.0.1/24 dev br0; echo $?
fi
set -u; echo $UNSET; echo after
