"""What is done once per library: links between insights, and the five of a day."""

from earmark.insights import compose, related_links
from earmark.pipeline.tools import Tools
from earmark.records import BriefPage, Changes
