f() { local a=1; a=2; return 5; }
f || echo "f failed $?"
set -e; ( false; echo no ); echo not
