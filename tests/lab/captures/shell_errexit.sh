set -e
true
false || true
if false; then echo x; fi
echo before
f() { false; echo infn; }
f || echo caught
false
echo notreached
