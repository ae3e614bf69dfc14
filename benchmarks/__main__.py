"""All benchmarks, one after the other: `make bench`."""

import sys

from benchmarks import cold_start, crowd, load, picture
from benchmarks.scale import __main__ as scale

if __name__ == "__main__":
    sys.exit(picture.main([]) or cold_start.main([]) or load.main([]) or crowd.main([]) or scale.main([]))
