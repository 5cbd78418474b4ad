import type { GuardError } from './guard-error.ts'

/** An answer that any framework can send. */
export interface ProblemAnswer {
  readonly status: GuardError['status']
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The answer for an error: `application/problem+json` (RFC 9457), nothing but what the code says. */
export function problemAnswer({ code, status, message, headers }: GuardError): ProblemAnswer {
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify({ type: problemType(code), title: message, status, code }),
  }
}

/** The stable URI of a problem: a name, not an address (RFC 9457 §3.1.1). */
function problemType(code: GuardError['code']): string {
  return `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`
}
