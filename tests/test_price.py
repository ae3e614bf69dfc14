"""What it costs: one place knows prices, and every figure that is told is computed from them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import price
from benchmarks.price import BY_INSTANCE, BY_REQUEST, MILLION, MONTH, Month, of_a_month

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SECTION = README.partition("## What it costs\n")[2].partition("\n## ")[0]
FREE = BY_INSTANCE.free_vcpu * BY_INSTANCE.vcpu + BY_INSTANCE.free_gibibyte * BY_INSTANCE.gibibyte
ALL_MONTH = MONTH * BY_INSTANCE.of_an_instance()
GIBIBYTES = MILLION * price.SIZE / 2**30

FIGURES = {
    "a second of a vCPU": f"${BY_INSTANCE.vcpu:f}",
    "of a GiB": f"${BY_INSTANCE.gibibyte:f}",
    "of an instance": f"${BY_INSTANCE.of_an_instance():f}",
    "of a vCPU, by request": f"${BY_REQUEST.vcpu:f}",
    "a million requests": f"${MILLION * price.REQUEST:.2f}",
    "a hobby": f"${of_a_month(Month(busy=price.DAYS * price.WAKES * price.IDLE)):.0f}",
    "woken once more": f"${price.IDLE * BY_INSTANCE.of_an_instance():.3f}",
    "an instance all month": f"${ALL_MONTH:.2f}",
    "free": f"${FREE:.2f}",
    "less what is free": f"${of_a_month(Month(busy=MONTH)):.0f}",
    "three instances all month": f"${3 * ALL_MONTH:.2f}",
    "three, less what is free": f"${of_a_month(Month(busy=3 * MONTH)):.0f}",
    "CPU of a million pictures": f"${MILLION * price.CPU_SECONDS * BY_INSTANCE.of_an_instance():.2f}",
    "keeping them": f"${GIBIBYTES * price.STORED_GIBIBYTE:.2f}",
    "a GiB kept": f"${price.STORED_GIBIBYTE:.2f}",
    "storing them": f"${MILLION * price.WRITE:.0f}",
    "a thousand stored": f"${1000 * price.WRITE:.3f}",
    "fetching them": f"${GIBIBYTES * price.GIBIBYTE + MILLION * price.READ:.2f}",
    "a GiB fetched": f"${price.GIBIBYTE:.2f}",
    "a thousand fetched": f"${1000 * price.READ:.4f}",
}


def test_every_figure_of_the_readme_is_computed() -> None:
    """The amounts in *What it costs* are those that the prices give, and none is left over."""
    assert set(re.findall(r"\$[\d.]*\d", SECTION.replace(",", ""))) == set(FIGURES.values())


@pytest.mark.parametrize("path", ["deploy.sh", ".env.example"])
def test_bound_of_the_default_is_told_where_it_is_set(path: str) -> None:
    """What MAX_INSTANCES=3 bounds stands beside it."""
    assert FIGURES["three, less what is free"] in (ROOT / path).read_text()


@pytest.mark.parametrize(
    ("milliseconds", "kilobytes", "told"),
    [
        (milliseconds, kilobytes, told)
        for milliseconds, kilobytes, told in re.findall(
            r"\| ([\d.]+) ms \| (\d+) kB \|[^|]*\| \$([\d.]+) \|", (ROOT / "benchmarks/README.md").read_text()
        )
    ],
)
def test_every_encoding_is_priced(milliseconds: str, kilobytes: str, told: str) -> None:
    """A row of the encodings has its price, but for what rounding to 1 kB and 0.1 ms costs."""
    assert price.of_a_million(float(milliseconds) / 1000, float(kilobytes) * 1000) == pytest.approx(
        float(told), abs=0.07
    )


def test_picture_of_the_readme_is_the_priced_one() -> None:
    """CPU and bytes are as they were measured, of a picture and of a whole mandala, and so are the prices."""
    milliseconds, dollars = (
        re.search(rf"\| {name} \| \$?([\d.]+)", README)
        for name in ("CPU for a picture, mean", "a million pictures, at list prices")
    )

    assert f"a mandala takes {1000 * price.CPU_SECONDS:.0f} ms of CPU" in README
    assert f"| its file, mean | {price.SIZE / 1000:.0f} kB |" in README
    assert milliseconds
    assert dollars
    told = price.of_a_million(float(milliseconds[1]) / 1000, price.SIZE)
    assert told == pytest.approx(float(dollars[1]), abs=0.07)


@pytest.mark.parametrize(
    ("region", "tier"), [("europe-west1", 1), ("us-central1", 1), ("europe-west6", 2), ("mars1", 2)]
)
def test_tiers_are_told_apart(region: str, tier: int) -> None:
    """Tier 1 regions are named; what is not known costs what is dearer."""
    assert price.tier(region) == tier


def test_unknown_price_is_not_stated() -> None:
    """Where a tier's price was not found, it says so and where to look."""
    assert of_a_month(Month(busy=1), tier=2) is None
    assert "tier 2 costs more, see https://" in price.estimate("europe-west6", "instance", 0, 3, "bucket")


def test_what_is_free_is_given_at_tier_1_prices() -> None:
    """In a dearer region, the free seconds do not cover themselves."""
    free = Month(busy=BY_REQUEST.free_vcpu)

    assert of_a_month(free, "request") == 0
    assert of_a_month(free, "request", tier=2) == pytest.approx(BY_REQUEST.free_vcpu * (0.0000336 - BY_REQUEST.vcpu))


def test_it_needs_no_package() -> None:
    """Whoever has not installed anything is told what it would cost."""
    command = [
        sys.executable,
        "-IS",
        "-c",
        "import sys; sys.path.append('.'); from benchmarks.price import main; main([])",
    ]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words

    assert "at the limit: 3 instances all month" in told
