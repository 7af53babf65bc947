# syntax=docker/dockerfile:1
# The server: docker build -t logiq . && docker run --rm -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp logiq
# On an NVIDIA GPU: docker build --build-arg VARIANT=cuda -t logiq:cuda . and the same run with --gpus all and logiq:cuda.
ARG NODE_VERSION=20.20.2
ARG VARIANT=cpu

FROM node:${NODE_VERSION}-bookworm-slim AS node

FROM node AS package
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm pack --pack-destination /tmp && mv /tmp/logiq-*.tgz /tmp/logiq.tgz

FROM node AS install-cpu
WORKDIR /app
COPY --from=package /tmp/logiq.tgz /tmp/logiq.tgz
RUN npm install --prefix /app --omit=dev --ignore-scripts --no-audit --no-fund /tmp/logiq.tgz

# ONNX Runtime beside logiq, with what its own installer fetches for CUDA 12, and without other platforms and TensorRT.
FROM install-cpu AS install-cuda
ARG ORT_VERSION=1.27.0
RUN npm install --prefix /app --omit=dev --ignore-scripts --no-audit --no-fund "onnxruntime-node@${ORT_VERSION}" \
  && ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js \
  && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin \
    node_modules/onnxruntime-node/bin/napi-v6/win32 \
    node_modules/onnxruntime-node/bin/napi-v6/linux/arm64 \
    node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_tensorrt.so

# hadolint ignore=DL3006
FROM install-${VARIANT} AS install

FROM node AS runtime-cpu

FROM nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04 AS runtime-cuda
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# An explicit device never falls back: without a GPU the server says so and ends.
ENV LOGIQ_DEVICE=cuda

# hadolint ignore=DL3006
FROM runtime-${VARIANT}
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
