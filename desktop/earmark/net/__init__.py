"""The network, and nothing else of the program touches it.

`Door` asks, `download` fetches files. Every exchange has a deadline by the clock on the wall, a bound on its
size, and a line in the list of requests. Addresses inside the user's own network are reached only when the
user typed them. Text and sound are sent (`ask_own_server`) only to a server that the user named as their own,
letters (`send_mail`) only to the user's own mail server. Imports errors, settings and what hides secrets
(hiding, vault); knows nothing of feeds, and never follows what it fetched.
"""

from earmark.net.address import Refused, credentials, is_public, origin_of
from earmark.net.body import Body, form_body, json_body
from earmark.net.connect import Deadline, is_known, leads_inside
from earmark.net.door import MAX_PER_HOST, Door, MayGo, RequestLog, Response
from earmark.net.download import Downloaded, download, part_files
from earmark.net.faults import BrokeOff, NoAnswer, Refusal, Unproven
from earmark.net.mail import PORTS, MailServer, MaybeSent, send_mail
from earmark.net.own_server import Reply, ServerAway, ask_own_server
from earmark.net.proxy import Proxy, proxy_of
from earmark.net.throttle import Throttle
from earmark.net.turns import Turns

__all__ = [
    "MAX_PER_HOST",
    "PORTS",
    "Body",
    "BrokeOff",
    "Deadline",
    "Door",
    "Downloaded",
    "MailServer",
    "MayGo",
    "MaybeSent",
    "NoAnswer",
    "Proxy",
    "Refusal",
    "Refused",
    "Reply",
    "RequestLog",
    "Response",
    "ServerAway",
    "Throttle",
    "Turns",
    "Unproven",
    "ask_own_server",
    "credentials",
    "download",
    "form_body",
    "is_known",
    "is_public",
    "json_body",
    "leads_inside",
    "origin_of",
    "part_files",
    "proxy_of",
    "send_mail",
]
