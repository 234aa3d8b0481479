"""Solutions of notebook 06: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% copies-from-the-host
teach.check("copies-from-the-host", 4 * 3)

# %% [markdown]
# The frame came in by no port, so none is left out: four copies. Each passes OUTPUT of nat, OUTPUT of filter, and
# POSTROUTING of nat.

# %% flood-again
teach.check("flood-again", "bridge fdb del 02:42:c0:a8:00:02 dev veth0594f4b master")

# %% packets-on-lo
teach.check("packets-on-lo", 3 + 3)
