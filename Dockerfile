# Two stages: the wheel and its locked dependencies are put together once, then run unprivileged.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/dateline && /opt/dateline/bin/pip install --no-cache-dir -r requirements.lock
COPY . .
RUN /opt/dateline/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data dateline && install -d -o dateline -m 0700 /data
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data
USER dateline
WORKDIR /data
VOLUME /data
# SIGTERM stops the service cleanly within five seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["dateline"]
CMD ["run"]
