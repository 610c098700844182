# One image with the libraries of every environment, as it is made without kfpkit: pip, a single
# stage, caches removed. It lies on the same base image and has kfp's runtime as the lean ones do.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
ARG SYSTEM_PACKAGES
COPY kfp-runtime.txt requirements.txt /
RUN --mount=type=secret,id=settings --mount=type=secret,id=certificates \
    certificates=/etc/ssl/certs/ca-certificates.crt; \
    if [ -f /run/secrets/certificates ]; then certificates=/run/secrets/certificates; fi; \
    if [ -f /run/secrets/settings ]; then . /run/secrets/settings; fi; \
    export DEBIAN_FRONTEND=noninteractive PIP_CERT="$certificates"; \
    if [ -n "${UV_DEFAULT_INDEX:-}" ]; then export PIP_INDEX_URL="$UV_DEFAULT_INDEX"; fi; \
    set -eux; \
    apt-get -o Acquire::https::CAInfo="$certificates" -q update; \
    apt-get -o Acquire::https::CAInfo="$certificates" -q install -y --no-install-recommends \
      $SYSTEM_PACKAGES; \
    rm -rf /var/lib/apt/lists/*; \
    python3 -m pip --version || python3 -m ensurepip; \
    python3 -m pip install --no-cache-dir --require-hashes --requirement requirements.txt; \
    python3 -m pip install --no-cache-dir --require-hashes --no-deps --requirement kfp-runtime.txt; \
    rm kfp-runtime.txt requirements.txt
ENV _KFP_RUNTIME=true
