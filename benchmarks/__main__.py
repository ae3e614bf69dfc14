"""All benchmarks, one after the other: `make bench`."""

import sys

from benchmarks import cold_start, load, picture

if __name__ == "__main__":
    sys.exit(picture.main([]) or cold_start.main([]) or load.main([]))
