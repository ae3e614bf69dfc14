"""What mando costs at Google's list prices, in US dollars: the one place that knows prices.

`python -m benchmarks.price` says what a month costs with the settings of deploy.sh, before anything is deployed, and
needs no package. A price that was not found is not stated: None.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# https://cloud.google.com/run/pricing, looked up on 23 November 2026.
FREE_REQUESTS = 2_000_000
REQUEST = 0.40 / 1_000_000

# https://cloud.google.com/storage/pricing, as of 20 September 2026. Per GiB; storing in the cheapest regions, Belgium's
# among them; to anywhere but Asia, Australia and China, the first TiB.
GIBIBYTE = 0.12
STORED_GIBIBYTE = 0.020
WRITE, READ = 0.005 / 1000, 0.0004 / 1000  # operations of class A and B

MILLION = 1_000_000
DAYS = 30
MONTH = DAYS * 24 * 3600  # seconds
VCPU, MEMORY = 1, 0.5  # of an instance; GiB
IDLE = 900  # seconds at most until an instance that has nothing to do is ended
CPU_SECONDS, SIZE = 0.060, 85_000  # of a mandala, all that it takes, and of its file: benchmarks/README.md
REQUEST_SECONDS = 2.3  # at most: then Discord has its answer
WAKES, DRAWINGS = 8, 100  # a typical day of a hobby bot


@dataclass(frozen=True)
class Rate:
    """A second of a vCPU and of a GiB, and how many of each are free in a month."""

    vcpu: float
    gibibyte: float
    free_vcpu: int
    free_gibibyte: int
    waiting_vcpu: float
    """A second of a vCPU of MIN_INSTANCES that has nothing to do."""

    def of_an_instance(self) -> float:
        """Price a second of an instance."""
        return VCPU * self.vcpu + MEMORY * self.gibibyte


# Tier 1: https://cloud.google.com/run/pricing, looked up on 23 November 2026.
# Tier 2 by request, and what waits: https://github.com/firebase/firebase-tools, src/deploy/functions/pricing.ts, which
# copies that page, as of 25 November 2026.
BY_INSTANCE = Rate(0.000018, 0.000002, 240_000, 450_000, 0.000018)
BY_REQUEST = Rate(0.000024, 0.0000025, 180_000, 360_000, 0.0000025)
RATES = {
    ("instance", 1): BY_INSTANCE,
    ("instance", 2): None,
    ("request", 1): BY_REQUEST,
    ("request", 2): Rate(0.0000336, 0.0000035, 180_000, 360_000, 0.0000035),
}
# https://cloud.google.com/run/docs/locations, looked up on 25 November 2026. All others are tier 2.
TIER_1 = {
    *("asia-east1", "asia-northeast1", "asia-northeast2", "me-west1", "europe-north1", "europe-southwest1"),
    *(
        "europe-west1",
        "europe-west4",
        "europe-west8",
        "europe-west9",
        "us-central1",
        "us-east1",
        "us-east4",
        "us-east5",
    ),
    *("us-south1", "us-west1"),
}


def tier(region: str) -> int:
    return 1 if region in TIER_1 else 2


def of_a_picture(cpu_seconds: float, size: float) -> float:
    """Price a picture of this CPU time and of these bytes, stored once and fetched once, without what is free.

    Memory is left out: it is billed by the same seconds as the CPU.
    """
    return cpu_seconds * BY_INSTANCE.vcpu + size / 2**30 * GIBIBYTE + WRITE + READ


def of_a_million(cpu_seconds: float, size: float) -> float:
    return MILLION * of_a_picture(cpu_seconds, size)


@dataclass(frozen=True)
class Month:
    """What is used in a month: seconds of instances, of those that only wait, and pictures that are kept."""

    busy: float = 0
    waiting: float = 0
    requests: int = 0
    pictures: int = 0


def of_a_month(used: Month, billing: str = "instance", tier: int = 1) -> float | None:
    """Price a month, pictures in the bucket and all, less what is free; None if a price is not known."""
    rate, free = RATES[billing, tier], BY_INSTANCE if billing == "instance" else BY_REQUEST
    if not rate:
        return None
    # Both are given free at tier 1 prices, each for itself.
    vcpu = VCPU * (used.busy * rate.vcpu + used.waiting * rate.waiting_vcpu) - free.free_vcpu * free.vcpu
    memory = MEMORY * (used.busy + used.waiting) * rate.gibibyte - free.free_gibibyte * free.gibibyte
    requests = (used.requests - FREE_REQUESTS) * REQUEST if billing == "request" else 0
    gibibytes = used.pictures * SIZE / 2**30
    pictures = used.pictures * (WRITE + READ) + gibibytes * (GIBIBYTE + STORED_GIBIBYTE)
    return max(vcpu, 0) + max(memory, 0) + max(requests, 0) + pictures


def months(billing: str, at_least: int, at_most: int, pictures: str) -> dict[str, Month]:
    """Describe a month of a bot that nobody uses, of a hobby's, and of one that is never left alone."""
    drawn = DAYS * DRAWINGS
    busy = drawn * REQUEST_SECONDS if billing == "request" else DAYS * WAKES * IDLE
    waiting = at_least * MONTH
    return {
        "idle: nobody draws": Month(waiting=waiting),
        f"typical: {DRAWINGS} mandalas a day, woken {WAKES} times": Month(
            busy=busy if billing == "request" or not at_least else 0,
            waiting=waiting,
            requests=drawn,
            pictures=drawn if pictures == "bucket" else 0,
        ),
        f"at the limit: {at_most} instances all month": Month(busy=at_most * MONTH),
    }


def estimate(region: str, billing: str, at_least: int, at_most: int, pictures: str) -> str:
    """Say what a month would cost, in the words of the terminal."""
    level = tier(region)
    known = level if RATES[billing, level] else 1
    lines = [f"A month in {region} (tier {level}), BILLING={billing}, in US dollars at list prices:"]
    for what, used in months(billing, at_least, at_most, pictures).items():
        lines.append(f"  {what:<56}${of_a_month(used, billing, known):>9,.2f}")
    if known != level:
        lines.append("  at the prices of tier 1: tier 2 costs more, see https://cloud.google.com/run/pricing")
    fetched = (
        f"what is fetched from the bucket, ${GIBIBYTE:.2f} a GiB" if pictures == "bucket" else "what is sent to Discord"
    )
    return "\n".join([*lines, f"No setting bounds {fetched}. A budget warns and stops nothing."])


def main(argv: Sequence[str] | None = None) -> int:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.price", description="What a month would cost.")
    arguments.add_argument("--region", default="europe-west1")
    arguments.add_argument("--billing", choices=["instance", "request"], default="instance")
    arguments.add_argument("--min-instances", type=int, default=0)
    arguments.add_argument("--max-instances", type=int, default=3)
    arguments.add_argument("--pictures", choices=["bucket", "attachments"], default="bucket")
    options = arguments.parse_args(argv)
    print(estimate(options.region, options.billing, options.min_instances, options.max_instances, options.pictures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
