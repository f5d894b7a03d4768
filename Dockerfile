# One image for every program of Binnacle; docker-compose.yml says which one a container runs.
ARG BASE=node:22-bookworm-slim
FROM ${BASE} AS build
WORKDIR /binnacle
COPY . .
RUN node tools/build.mjs && npm prune --omit=dev --no-audit --no-fund && rm -rf apps/web/.next/cache

FROM ${BASE}
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 BINNACLE_DATA_DIR=/data
WORKDIR /binnacle
COPY --from=build /binnacle /binnacle
USER 1000:1000
ENTRYPOINT ["node"]
CMD ["apps/cli/bin/binnacle.js", "--help"]
