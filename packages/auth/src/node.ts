export { nodeHandler } from './server/node-handler.ts'
