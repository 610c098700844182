"""What `make bench-images` measures and `docs/performance.md` quotes under "Images".

Needs a container engine, `dockerd` and `docker-registry` (Debian packages `docker.io` and
`docker-registry`), and the right to start them. Images are built on the engine that `DOCKER_HOST`
names and pushed to a registry of the benchmark's own on loopback. What is pulled is pulled by
engines of the benchmark's own, which have never held anything, through a proxy that keeps to a
bandwidth. Each module measures one thing and returns its figures.
"""
