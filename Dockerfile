# Two stages: the first may fetch and build, the second only runs, as a user without rights.
ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/steward
# The dependencies change seldom: their own layer, so that an edit of our code does not fetch them again.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies']))" > runtime.txt \
    && /opt/steward/bin/pip install --requirement runtime.txt --constraint constraints.txt
COPY README.md LICENSE NOTICE ./
COPY domain domain
COPY handlers handlers
COPY storage storage
COPY scheduler scheduler
COPY console console
COPY bot bot
# No editable install: what runs is what the wheel holds, package data included.
RUN /opt/steward/bin/pip install --no-deps . \
    && /opt/steward/bin/steward --help > /dev/null

FROM python:${PYTHON_VERSION}-slim
RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/steward --shell /usr/sbin/nologin steward
COPY --from=build /opt/steward /opt/steward
# The sample community; mount your own folder over it.
COPY config /etc/steward
ENV PATH=/opt/steward/bin:${PATH} \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STEWARD_HTTP_HOST=0.0.0.0 \
    STEWARD_HTTP_PORT=8080 \
    STEWARD_DATABASE_URL=sqlite:////var/lib/steward/data/steward.db
USER steward
WORKDIR /var/lib/steward
RUN mkdir data
VOLUME /var/lib/steward/data
EXPOSE 8080
# The image has no curl; Python asks. An answer other than 2xx raises, and that is the exit code.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['STEWARD_HTTP_PORT'] + '/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["steward"]
CMD ["run", "--config", "/etc/steward"]
