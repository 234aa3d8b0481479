"""TCP, as far as handshakes, data, resets, closing and retransmission show in a log."""

from netlab.kernel.tcp.socket import TcpSocket
from netlab.kernel.tcp.state import CLOSED, LISTEN, SYN_SENT, TIME_WAIT
from netlab.kernel.tcp.table import TcpTable

__all__ = ["CLOSED", "LISTEN", "SYN_SENT", "TIME_WAIT", "TcpSocket", "TcpTable"]
