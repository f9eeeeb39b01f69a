"""Earmark: a personal daily five from your podcasts, made on your own computer.

Read `pipeline.py` for what happens to an episode, `app.py` for how the program is put together.
"""

__version__ = "0.1.0"
