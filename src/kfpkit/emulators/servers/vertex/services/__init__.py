"""The services, one module for each. `served` documents what a service is."""
