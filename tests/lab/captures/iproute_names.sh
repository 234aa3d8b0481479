ip link add name in type dummy; ip link set in up; ip link set dev in up; ip -br link show in
ip link add name d type dummy; ip link set d up;  ip link set dev d up; ip -br link show d
ip link add name ty type dummy; ip link set ty up; ip link add name t1 type dummy; ip link set t1 up;ip link add name li type dummy; ip link set li up; ip link add name mas type dummy; ip link set mas up; ip link add name n type dummy; ip link set n up
ip -br link
