# stashsync in a container: docs/ci.md says how to use it.
#
#   docker build -t stashsync .
#   docker run --rm -v "$PWD:/project" -e STASH_URL -e STASH_API_KEY stashsync plan

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY manifests manifests
COPY release release
COPY docs/stashsync.1 docs/
COPY stashsync stashsync
RUN python -m venv /opt/stashsync \
    && /opt/stashsync/bin/pip install --no-cache-dir --disable-pip-version-check ".[notify]"

FROM python:3.13-slim
COPY --from=build /opt/stashsync /opt/stashsync
# Nothing that it does needs root; --user "$(id -u):$(id -g)" lets it write to a folder of yours.
RUN useradd --create-home --uid 1000 stashsync
USER stashsync
ENV PATH="/opt/stashsync/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
WORKDIR /project
ENTRYPOINT ["stashsync"]
CMD ["--help"]
