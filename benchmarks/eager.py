"""The function with every library imported before the server listens, as one would write it at first."""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import RandomMandala
from google.cloud import storage

sys.path.insert(0, str(Path(__file__).parents[1]))

from main import handle_request

__all__ = ["RandomMandala", "handle_request", "plt", "storage"]
