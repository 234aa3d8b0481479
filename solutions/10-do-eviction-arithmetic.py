"""Solutions of notebook 10: from here tools/exercises.py writes its exercises and their folded answers."""

from netlab import teach

# %% df-left
teach.check("df-left", 100 * 448 / (5.8 * 1024))

# %% most-available
teach.check("most-available", 95)

# %% cannot-tell
teach.check("cannot-tell", 7.6)

# %% ten-percent
import struct

tenth = struct.unpack("f", struct.pack("f", 0.1))[0]
teach.check("ten-percent", int(100 * 2**30 * tenth))

# %% big-disk
teach.check("big-disk", 2 * 1024 / 10)

# %% minutes-left
teach.check("minutes-left", 448 - 0.05 * 5.8 * 1024)
