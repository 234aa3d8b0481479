"""Lab scripts: parsed, run on the simulated host, their results as objects.

>>> from netlab.lab import run_lab
>>> run_lab("ip -br addr").output.split()
['lo', 'UNKNOWN', '127.0.0.1/8']
"""

from netlab.lab.host import Lab, run_lab
from netlab.lab.result import LabResult
from netlab.lab.shell import parse_script

__all__ = ["Lab", "LabResult", "parse_script", "run_lab"]
