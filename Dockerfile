# Two stages of one base. The first installs what the requirements files pin and builds the wheel; the
# second gets the finished environment, with neither pip nor compilers nor this checkout.
#
#   docker build --tag airounds .
#   docker run --read-only --tmpfs /tmp --volume airounds:/data --publish 8000:8000 airounds
#
# Where builds must repeat exactly, pin the base: --build-arg BASE=python:3.11-slim-bookworm@sha256:...
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ONLY_BINARY=:all: \
    PIP_REQUIRE_HASHES=1
WORKDIR /build
COPY requirements.txt requirements-build.txt ./
RUN python3 -m venv tools \
 && tools/bin/pip install --requirement requirements-build.txt \
 && python3 -m venv --without-pip /opt/airounds \
 && tools/bin/pip --python /opt/airounds/bin/python3 install --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY seed_data seed_data
COPY app app
RUN PATH="/build/tools/bin:$PATH" hatchling build --target wheel \
 && PIP_REQUIRE_HASHES=0 tools/bin/pip --python /opt/airounds/bin/python3 install --no-deps --no-index dist/*.whl

FROM ${BASE}
LABEL org.opencontainers.image.title="airounds" \
      org.opencontainers.image.description="Read-only REST API over AI startup funding rounds" \
      org.opencontainers.image.licenses="MIT"
# Nothing in the image may raise its rights, and only /data may be written.
RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/airounds /opt/airounds
ENV PATH="/opt/airounds/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    AIROUNDS_HOST=0.0.0.0 \
    AIROUNDS_PORT=8000 \
    AIROUNDS_DATABASE_URL=sqlite:////data/airounds.db
USER 10001:10001
WORKDIR /opt/airounds
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['AIROUNDS_PORT'] + '/readyz', timeout=2)"]
CMD ["airounds", "serve"]
