# The service on its embedded index:
#   docker build -t secondhand .
#   docker run --init --rm -p 8080:8080 -v secondhand:/data secondhand
# docs/docker.md says how each step was checked.
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/secondhand
ENV PATH=/opt/secondhand/bin:$PATH
WORKDIR /src

# Dependencies first: this layer is rebuilt only when the lock changes.
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/build.txt \
 && pip install --require-hashes --no-build-isolation -r requirements/runtime.txt

# The compiler stays behind with this stage.
RUN apt-get -qq update && apt-get -qq install --yes --no-install-recommends gcc libc6-dev
COPY pyproject.toml setup.py README.md LICENSE ./
COPY native native
COPY dedup dedup
COPY service service
# What only installing needs does not go into the image that serves.
RUN SECONDHAND_EXTENSIONS=required pip install --no-deps --no-build-isolation . \
 && pip uninstall --yes setuptools pip

FROM ${PYTHON}
COPY --from=build /opt/secondhand /opt/secondhand
# A fixed number, so that whoever mounts a directory on /data can give it to this user.
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin secondhand \
 && install --directory --owner=secondhand --group=secondhand --mode=0750 /data
ENV PATH=/opt/secondhand/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SECONDHAND_DATA_DIR=/data
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Ready, not live: in this image the index lives and dies with the container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
ENTRYPOINT ["secondhand"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
