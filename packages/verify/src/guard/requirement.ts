import type { AccessToken } from '../token/access-token.ts'

/** One name, a list of which **all** are required, or a list of which one is enough. */
export type RequiredNames = string | readonly string[] | { readonly anyOf: readonly string[] }

/**
 * What an access token must hold. Names are compared whole and by case: no wildcards, no
 * prefixes, no hierarchy.
 *
 * A list means all of them, for roles too: read the other way round by mistake, a requirement
 * is too strict and not too lax.
 */
export type Requirement =
  /** A role in the claim `roles`. */
  | { readonly role: RequiredNames }
  /** A permission in the claim `permissions`. */
  | { readonly permission: RequiredNames }
  /** A scope in the claim `scope`. */
  | { readonly scope: RequiredNames }

/** A requirement that has been checked. */
export interface Rule {
  readonly kind: 'role' | 'permission' | 'scope'
  readonly names: readonly string[]
  readonly isAnyEnough: boolean
}

// A scope-token of RFC 6749 §3.3: what may stand in `scope="…"` without escapes.
const scopeToken = /^[!#-[\]-~]+$/

/** @throws {TypeError} The requirement is empty, unknown, or could never be met. */
export function parseRequirement(requirement: Requirement): Rule {
  const [[kind, required] = [], ...others] = Object.entries(requirement)
  if (others.length > 0 || (kind !== 'role' && kind !== 'permission' && kind !== 'scope')) {
    throw new TypeError('authorize: exactly one of role, permission and scope is required.')
  }
  const { names, isAnyEnough } = parseNames(required)
  if (names.length === 0 || !names.every((name) => isName(kind, name))) {
    throw new TypeError(`authorize: ${kind} must be a name or a list of names, and not empty.`)
  }
  return { kind, names: [...names], isAnyEnough }
}

/** Whether a token meets a rule. A token without the claim, or with an odd one, does not. */
export function isMet({ kind, names, isAnyEnough }: Rule, token: AccessToken): boolean {
  const held = heldNames(kind, token)
  return isAnyEnough
    ? names.some((name) => held.includes(name))
    : names.every((name) => held.includes(name))
}

function parseNames(required: unknown): { names: readonly unknown[]; isAnyEnough: boolean } {
  if (typeof required === 'string') return { names: [required], isAnyEnough: false }
  if (Array.isArray(required)) return { names: required, isAnyEnough: false }
  const [[member, names] = [], ...others] = Object.entries(required ?? {})
  const isChoice = member === 'anyOf' && others.length === 0 && Array.isArray(names)
  return { names: isChoice ? names : [], isAnyEnough: true }
}

function isName(kind: Rule['kind'], name: unknown): name is string {
  return typeof name === 'string' && (kind === 'scope' ? scopeToken.test(name) : name !== '')
}

function heldNames(kind: Rule['kind'], token: AccessToken): readonly unknown[] {
  if (kind === 'scope') return typeof token.scope === 'string' ? token.scope.split(' ') : []
  const names: unknown = kind === 'role' ? token.roles : token.permissions
  // A string also has `includes`, which would find a role within another's name.
  return Array.isArray(names) ? names : []
}
