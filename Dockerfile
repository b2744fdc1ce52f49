# One image for web, worker, clock and migrations; docker-compose.yml chooses the command.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_VAR=/var/lib/portal
WORKDIR /srv/portal

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .
# The build needs no secret: demo mode lends one, in a folder that is thrown away again.
RUN PORTAL_DEMO=1 PORTAL_VAR=/tmp/build python manage.py translations --compile \
    && rm -rf /tmp/build \
    && useradd --system --uid 10001 --home /var/lib/portal --create-home portal
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
CMD ["daphne", "-b", "0.0.0.0", "-p", "8000", "--ping-interval", "20", "--ping-timeout", "30", \
     "--http-timeout", "60", "--application-close-timeout", "5", "--no-server-name", \
     "--verbosity", "0", \
     "hasselt_portal.asgi:application"]
