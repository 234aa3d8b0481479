"""How packets cross a Docker host, and how a Kubernetes node decides to evict: the tools behind the course.

The rooms, from the ground up: ``data`` (the article's logs, captures of real kernels), ``wire`` (packets as values),
``trace`` (kernel logs), ``rules`` (iptables and ebtables rule sets), ``kernel`` (the simulated kernel), ``kubelet``
(eviction), ``lab`` (lab scripts), ``show`` (pictures and tables), ``widgets``, ``teach``. The doors are the command
``netlab`` and the Jupyter extension ``netlab.magics``. Heavy packages are imported when something needs them.
"""

__version__ = "0.1.0"
