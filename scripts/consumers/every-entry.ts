// Every entry has types that hold, and that a project of ES modules finds.

export * as verify from '@countersign/verify'
export * as verifyExpress from '@countersign/verify/express'
export * as verifyFastify from '@countersign/verify/fastify'
export * as verifyHono from '@countersign/verify/hono'
export * as verifyTesting from '@countersign/verify/testing'
export * as auth from 'countersign'
export * as authExpress from 'countersign/express'
export * as authFastify from 'countersign/fastify'
export * as authHono from 'countersign/hono'
export * as authNode from 'countersign/node'
export * as authTesting from 'countersign/testing'
