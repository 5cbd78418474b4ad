import { expectTypeOf, test } from 'vitest'
import type { Algorithm } from '../keys/key-source.ts'
import type { AccessToken } from './access-token.ts'
import type { Verifier } from './verifier.ts'
import type { VerifierOptions } from './verifier-options.ts'

// Held by the type check of the repository; nothing happens when this runs.

test('none is no algorithm (lesson 1)', () => {
  expectTypeOf<'none'>().not.toExtend<Algorithm>()
})

test('issuer and audience cannot be left out (G6)', () => {
  expectTypeOf<{ issuer: string }>().not.toExtend<VerifierOptions>()
  expectTypeOf<{ audience: string }>().not.toExtend<VerifierOptions>()
})

test('claims cannot be changed', () => {
  const claims = {} as AccessToken
  // @ts-expect-error -- readonly
  claims.sub = 'admin'
})

test('a claim that is not registered is of no type', () => {
  expectTypeOf<AccessToken['email']>().toEqualTypeOf<unknown>()
})

test('verify gives the claims as a promise', () => {
  expectTypeOf<ReturnType<Verifier['verify']>>().toEqualTypeOf<Promise<AccessToken>>()
})
