"""Solutions of notebook 11: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% first-bad-pass
teach.check("first-bad-pass", "2m10s")

# %% [markdown]
# 512 MiB at 4 MiB a second are gone in 128 seconds, when available equals the threshold. The first look after
# that:

# %% soft-eviction
teach.check("soft-eviction", "5m20s")

# %% flips
teach.check("flips", (1, 5))

# %% minimum-reclaim
teach.check("minimum-reclaim", (1, 2))

# %% who-first
teach.check("who-first", ("batch", "web"))

# %% lost-thresholds
teach.check("lost-thresholds", ("memory.available", "nodefs.inodesFree"))

# %% safe-flag
flag = "--eviction-hard=memory.available<100Mi,nodefs.available<5%,nodefs.inodesFree<5%"
teach.check("safe-flag", flag)
