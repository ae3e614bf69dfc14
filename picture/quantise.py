"""A picture in so few colours that no eye can tell that there were more."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Packed = NDArray[np.uint32]  # a pixel's red, green, blue and 255 as they lie in memory
Places = NDArray[np.unsignedinteger]  # a pixel's place in the palette
Vectors = NDArray[np.float32]  # a row a colour; red, green, blue

BAND = 1 << 18  # pixels, a quarter of a usual picture: so many at a time, as the interpreter waits meanwhile
LIMIT = 2.58  # mean squared error: a peak signal-to-noise ratio of 44.01 dB
INDEXED = 256  # colours that fit an index of eight bits: a few more cost twice the bytes
FEWEST = 16  # colours for the edges, to begin with
GROWTH = 1.1  # of their number, at the least, as long as they are too few; else in proportion to the error
ROUNDS = 2  # of moving each colour to the middle of those that it stands for; more gain less than they cost
LAST_ROUNDS = 6  # before a picture is given up as too colourful for an index
EVENNESS = 0.3  # 1 gives every colour as many pixels as the next, 0 as many of the colours that occur
TOGETHER = 128  # cells: these stay in the cache, and below what BLAS would share among threads

# The edges' colours are counted in cells of 8 x 8 x 8, numbered so that neighbours in number are neighbours in
# colour: the bits of red, green and blue take turns.
CELL_BITS = 5
CELLS = 1 << 3 * CELL_BITS
MORTON = np.array([sum((value >> 3 + b & 1) << 3 * b for b in range(CELL_BITS)) for value in range(256)], np.uint16)


class Runs(NamedTuple):
    """Rows of a picture, as runs of one colour each."""

    flat: Packed  # the colours of flat areas, sorted
    colours: Packed
    lengths: NDArray[np.int64]


class Placed(NamedTuple):
    """A band's runs among the flat areas' colours; those of no such colour are edges."""

    places: NDArray[np.int64]  # of all runs; an edge has none yet
    edges: NDArray[np.int64]  # which of them are edges
    codes: NDArray[np.uint16]  # the cell of each edge


class Histogram(NamedTuple):
    """The colours of all edges, gathered."""

    numbers: NDArray[np.int64]  # of the cells that occur
    weights: Vectors  # pixels in each
    means: Vectors  # each one's average colour
    variance: float  # squared error of putting the averages in their pixels' places


def quantise(image: Packed) -> tuple[NDArray[np.uint8], Places]:
    """Return a palette, a row a colour, and each pixel's place in it.

    Flat areas keep their very colours; the blends along their edges share as few as the limit allows.
    """
    height = max(1, BAND // image.shape[1])
    bands = [_runs(image[top : top + height]) for top in range(0, len(image), height)]
    flat = np.unique(np.concatenate([band.flat for band in bands]))
    placed = [_place(band, flat) for band in bands]
    histogram = _histogram(bands, placed)
    palette, nearest = _fit(_vectors(flat), histogram, 3 * image.size)
    lookup = np.zeros(CELLS, np.int64)
    lookup[histogram.numbers] = nearest
    whole = np.empty(image.shape, np.uint8 if len(palette) <= INDEXED else np.uint16)
    for number, (band, (places, edges, codes)) in enumerate(zip(bands, placed, strict=True)):
        places[edges] = lookup[codes]
        rows = whole[number * height : (number + 1) * height]
        rows[:] = np.repeat(places.astype(whole.dtype), band.lengths).reshape(rows.shape)
    return palette.astype(np.uint8), whole


def _fit(flat: Vectors, histogram: Histogram, samples: int) -> tuple[Vectors, NDArray[np.int64]]:
    """Return the smallest palette found within the limit, and each cell's place in it."""
    if not histogram.numbers.size:
        return flat, histogram.numbers
    count, room = FEWEST, INDEXED - len(flat)
    while True:
        palette = _palette(flat, histogram, count, LAST_ROUNDS if count == room else ROUNDS)
        nearest, error = _nearest(palette, histogram)
        if error <= LIMIT * samples:
            return palette, nearest
        more = int(count * max(GROWTH, error / (LIMIT * samples))) + 1
        count = room if count < room < more else more


def _runs(image: Packed) -> Runs:
    changes = np.ones(image.shape, np.bool)  # from the pixel before; a row begins with one
    np.not_equal(image[:, 1:], image[:, :-1], out=changes[:, 1:])
    starts = np.flatnonzero(changes)
    return Runs(_flat_colours(image, changes), image.ravel()[starts], np.diff(starts, append=image.size))


def _place(band: Runs, flat: Packed) -> Placed:
    places = np.minimum(np.searchsorted(flat, band.colours), len(flat) - 1)
    edges = np.flatnonzero(flat[places] != band.colours)
    return Placed(places, edges, _morton_codes(band.colours[edges]))


def _flat_colours(image: Packed, changes: NDArray[np.bool]) -> Packed:
    """Return, sorted, the colours of all pixels that are like their eight neighbours."""
    across = changes[:, 1:-1] | changes[:, 2:]
    edge = across[:-2] | across[1:-1]
    edge |= across[2:]
    down = image[1:, 1:-1] != image[:-1, 1:-1]
    edge |= down[1:]
    edge |= down[:-1]
    edge[:, 1:] |= ~edge[:, :-1]  # of each flat run the first pixel will do
    return np.unique(image[1:-1, 1:-1][~edge])


def _channels(colours: Packed) -> tuple[NDArray[np.uint8], ...]:
    channels = colours.view(np.uint8).reshape(-1, 4)
    return channels[:, 0], channels[:, 1], channels[:, 2]


def _vectors(colours: Packed) -> Vectors:
    return np.stack(_channels(colours), axis=1).astype(np.float32)


def _morton_codes(colours: Packed) -> NDArray[np.uint16]:
    red, green, blue = _channels(colours)
    return MORTON[red] * np.uint16(4) + MORTON[green] * np.uint16(2) + MORTON[blue]


def _histogram(bands: Sequence[Runs], placed: Sequence[Placed]) -> Histogram:
    counts, sums, squares = np.zeros(CELLS), np.zeros((3, CELLS)), 0.0
    for band, (_, edges, codes) in zip(bands, placed, strict=True):
        lengths = band.lengths[edges]
        counts += np.bincount(codes, lengths, CELLS)
        for number, channel in enumerate(_channels(band.colours[edges])):
            weighted = lengths * channel.astype(np.float64)
            sums[number] += np.bincount(codes, weighted, CELLS)
            squares += float((weighted * channel).sum())  # no dot product: BLAS would share it among threads
    numbers = np.flatnonzero(counts)
    weights = counts[numbers]
    means = np.stack([total[numbers] for total in sums], axis=1) / weights[:, None]
    variance = squares - float((weights * (means**2).sum(axis=1)).sum())
    return Histogram(numbers, weights.astype(np.float32), means.astype(np.float32), variance)


def _palette(flat: Vectors, histogram: Histogram, count: int, rounds: int) -> Vectors:
    """Return the flat colours and, after them, at most so many that stand for the edges."""
    reach = np.cumsum(histogram.weights**EVENNESS)
    labels = len(flat) + np.minimum(reach * (count / reach[-1]), count - 1).astype(np.int64)
    palette = np.concatenate([flat, np.zeros((count, 3), np.float32)])
    for turn in range(rounds + 1):
        if turn:
            labels, _ = _nearest(palette, histogram)
        weights = np.bincount(labels, histogram.weights, len(palette))
        used = np.flatnonzero(weights)
        used = used[used >= len(flat)]
        for channel in range(3):
            sums = np.bincount(labels, histogram.weights * histogram.means[:, channel], len(palette))
            palette[used, channel] = sums[used] / weights[used]
    return palette.round()


def _nearest(palette: Vectors, histogram: Histogram) -> tuple[NDArray[np.int64], float]:
    """Return each cell's nearest place in the palette, and the squared error of all pixels together."""
    to, squares = -2 * palette.T, (palette**2).sum(axis=1)
    few = (histogram.means[start : start + TOGETHER] for start in range(0, len(histogram.means), TOGETHER))
    nearest = np.concatenate([(means @ to + squares).argmin(axis=1) for means in few])
    away = ((histogram.means - palette[nearest]) ** 2).sum(axis=1)
    return nearest, histogram.variance + float(histogram.weights @ away)
