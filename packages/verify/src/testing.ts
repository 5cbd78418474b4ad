export { createTestIssuer, type TestIssuer, type TestIssuerOptions } from './testing/test-issuer.ts'
