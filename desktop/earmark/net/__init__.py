"""The network, and nothing else of the program touches it.

`Door` asks, `download` fetches files. Every exchange has a deadline by the clock on the wall, a bound on its
size, and a line in the list of requests. Addresses inside the user's own network are reached only when the
user typed them. Imports errors alone; knows nothing of feeds, and never follows what it fetched.
"""

from earmark.net.address import Refused, is_public
from earmark.net.connect import Deadline, leads_inside
from earmark.net.door import Door, Response
from earmark.net.download import Downloaded, download

__all__ = ["Deadline", "Door", "Downloaded", "Refused", "Response", "download", "is_public", "leads_inside"]
