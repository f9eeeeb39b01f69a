"""What is done once per library: links between insights, and the five of a day."""
