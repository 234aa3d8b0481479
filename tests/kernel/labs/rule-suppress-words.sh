ip rule add lookup main suppress_prefixlength 0 pref 200
ip rule add lookup main suppress_prefixlength 8 pref 200
ip rule add lookup main suppress_prefixlength 8 pref 200
ip rule add lookup main pref 200
ip rule add pref 201 lookup main suppress_prefixl 0
ip rule add pref 202 lookup main sup_pl 16 from 10.0.0.0/8
ip rule add pref 203 lookup main sup_pl -1
ip rule add pref 204 lookup main sup_pl x
ip rule add pref 205 lookup main sup_pl
ip rule add pref 206 unreachable sup_pl 0
ip rule add pref 207 lookup main sup_pl -2
ip rule
ip rule del pref 200 lookup main suppress_prefixlength 8
ip rule del pref 202
ip rule del pref 200 lookup main suppress_prefixlength 4
ip rule
ip rule del lookup main pref 200
ip rule del lookup main pref 200
ip rule
