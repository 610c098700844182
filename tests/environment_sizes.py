"""Which environments of the repository take long to install on a fresh machine."""

# Tests in them carry the marker `large`, which `make test` leaves out.
LARGE = {"catboost-1", "catboost-1-1", "tensorflow"}
