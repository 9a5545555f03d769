FROM python:3.13.7-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13.7-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/staticfiles
RUN useradd --system --uid 10001 --home-dir /app assembly \
    && install --directory --owner assembly /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
RUN SECRET_KEY=only-while-building python manage.py collectstatic --noinput --verbosity 0
USER assembly
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "assembly_site.serve", "--server", "uvicorn", "--host", "0.0.0.0", "--port", "8000"]
