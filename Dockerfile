# The service with its embedded model and nothing else: no torch, no compiler, no root.
FROM python:3.11-slim AS build
# Optional parts, separated by commas: postgresql, tracing (docs/operations.md).
ARG EXTRAS=
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY service service
# What the wheel takes along, and not the gigabytes that were pulled beside it.
COPY models/catalog.toml models/
COPY models/tolmach-mini models/tolmach-mini
COPY prompts prompts
RUN python -m venv /opt/tolmach && /opt/tolmach/bin/pip install --no-cache-dir -c constraints.txt ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.11-slim
# libgomp1: CTranslate2 runs its threads with OpenMP.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/tolmach tolmach
COPY --from=build /opt/tolmach /opt/tolmach
ENV PATH=/opt/tolmach/bin:$PATH PYTHONUNBUFFERED=1 TOLMACH_HOST=0.0.0.0
USER tolmach
WORKDIR /var/lib/tolmach
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["tolmach", "serve"]
