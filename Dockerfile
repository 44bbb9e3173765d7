# Two stages: the locked dependencies and the package are put together in the first; the second holds
# nothing else, and runs without rights over a root file system that may be read-only.
# The base is what `docker.io/library/python:3.13-slim` was when it was last looked at: take a newer one
# by its digest, in this one line.
ARG BASE=docker.io/library/python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${BASE} AS build
# With LOCK=requirements-extras.lock the image draws charts and serves assistants, too.
ARG LOCK=requirements.lock
WORKDIR /src
COPY requirements.lock requirements-extras.lock ./
RUN python3 -m venv /opt/dateline \
    && /opt/dateline/bin/pip install --no-cache-dir --require-hashes -r ${LOCK}
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN /opt/dateline/bin/pip install --no-cache-dir --no-deps . \
    && /opt/dateline/bin/pip uninstall --yes --quiet pip setuptools

FROM ${BASE}
LABEL org.opencontainers.image.title=Dateline org.opencontainers.image.licenses=MIT \
    org.opencontainers.image.version=0.1.0
RUN groupadd --gid 10001 dateline \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin dateline \
    && install -d -o dateline -g dateline -m 0700 /data
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data METRICS_ADDRESS=127.0.0.1:9090
USER dateline
WORKDIR /data
VOLUME /data
# SIGTERM stops the service cleanly within five seconds.
STOPSIGNAL SIGTERM
# Whether the process answers at all; what keeps it from its work ends without a restart (docs/health.md).
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://' + os.environ['METRICS_ADDRESS'] + '/livez', timeout=8)"]
ENTRYPOINT ["dateline"]
CMD ["run"]
