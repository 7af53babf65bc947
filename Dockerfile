# syntax=docker/dockerfile:1
# The server: docker build -t logiq . && docker run --rm -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp logiq
ARG NODE_VERSION=20.20.2

FROM node:${NODE_VERSION}-bookworm-slim AS package
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm pack --pack-destination /tmp && mv /tmp/logiq-*.tgz /tmp/logiq.tgz

FROM node:${NODE_VERSION}-bookworm-slim AS install
WORKDIR /app
COPY --from=package /tmp/logiq.tgz /tmp/logiq.tgz
RUN npm install --prefix /app --omit=dev --ignore-scripts --no-audit --no-fund /tmp/logiq.tgz

FROM node:${NODE_VERSION}-bookworm-slim
LABEL org.opencontainers.image.title="logiq" org.opencontainers.image.licenses="Apache-2.0"
# Secrets (GROQ_API_KEY, LOGIQ_API_TOKEN) come when it runs and are in no layer.
ENV NODE_ENV=production \
    LOGIQ_HOST=0.0.0.0 \
    LOGIQ_PORT=8000 \
    XDG_CACHE_HOME=/tmp/cache
COPY --from=install /app /app
USER 1000:1000
WORKDIR /tmp
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.LOGIQ_PORT + '/healthz').then((r) => { process.exitCode = r.ok ? 0 : 1; }, () => { process.exitCode = 1; })"]
ENTRYPOINT ["node", "/app/node_modules/logiq/bin/logiq.js"]
CMD ["serve"]
