"""How far it scales: measure the function, hold the simulation against it, then simulate crowds and sweep settings."""

import argparse
import sys
import time

import fakes
from benchmarks.scale import check, scenarios, sweep
from benchmarks.scale.assumptions import Measured, Settings
from benchmarks.scale.calibrate import measure
from benchmarks.scale.real import NoQuotas


def costs(measured: Measured) -> str:
    seconds_of = {
        "a callback": measured.callback,
        "a drawing": sum(measured.drawings) / len(measured.drawings),
        "a delivery": measured.delivery,
        "the first drawing's imports": measured.first,
    }
    return ", ".join(f"{name} {1000 * seconds:.1f} ms" for name, seconds in seconds_of.items())


def main(argv: list[str] | None = None) -> int:
    """Print the tables, save the chart, and return 1 when the simulation is not what really happens."""
    argparse.ArgumentParser("python -m benchmarks.scale", description=__doc__).parse_args(argv)
    with fakes.serve() as services:
        try:
            measured = measure(services, quota=1.0)
        except NoQuotas:
            measured = measure(services, quota=None)
    print(f"CPU: {costs(measured)}; a second CPU draws {measured.second_cpu:.0%} more\n")
    status = check.main()
    settings = Settings(measured)
    rows, start = {}, time.monotonic()
    for scenario in scenarios.scenarios():
        rows[scenario.name] = scenarios.outcome(settings, scenario)
    print(f"\n{scenarios.table(rows)}\n\nSimulated in {time.monotonic() - start:.0f} s.\n")
    outcomes = sweep.run(settings)
    sweep.draw(outcomes)
    print(sweep.table(outcomes))
    return status


if __name__ == "__main__":
    sys.exit(main())
