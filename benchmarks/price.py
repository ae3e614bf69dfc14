"""What a million mandalas cost at Google's list prices, in US dollars.

Of https://cloud.google.com/storage/pricing as of 20 September 2026, and of https://cloud.google.com/run/pricing as
looked up on 23 November 2026, without what is free. Memory is left out: it is billed by the same seconds as the CPU.
"""

VCPU_SECOND = 0.000018  # instance-based billing, tier 1
GIBIBYTE = 0.12  # from the bucket to Discord, which fetches a picture once and keeps it
OPERATIONS = (0.005 + 0.0004) / 1000  # one to store the picture, class A; one to fetch it, class B

MILLION = 1_000_000


def of_a_million(cpu_seconds: float, size: float) -> float:
    return MILLION * (cpu_seconds * VCPU_SECOND + size / 2**30 * GIBIBYTE + OPERATIONS)
