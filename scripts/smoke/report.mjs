import assert from 'node:assert/strict'
import { styleText } from 'node:util'

/**
 * @typedef {{
 *   method?: string,
 *   url: string,
 *   token?: string | undefined,
 *   cookie?: string,
 *   headers?: Record<string, string>,
 *   body?: object | undefined,
 * }} Request
 * `token` is an access token.
 *
 * @typedef {{
 *   code?: string,
 *   accessToken?: string,
 *   refreshToken?: string,
 *   sessionId?: string,
 *   user?: { id: string, roles: string[] },
 *   sessions?: { id: string }[],
 * }} Body
 *
 * @typedef {{ status: number, body: Body, cookies: string[] }} Answer
 *
 * @typedef {{ status: number, code?: string, shows: string, check?: (answer: Answer) => void }} Expectation
 * What must come: `code` of the problem; `check` throws if something else is wrong. `shows` is
 * what it means.
 *
 * @typedef {ReturnType<typeof createReport>} Report
 */

/** Sends requests, prints each with what came of it, and counts what did not come as expected. */
export function createReport() {
  const startedAt = performance.now()
  const counts = { passed: 0, failed: 0 }

  /** @param {{ action: string, outcome: string, shows: string, problem: string | null }} line */
  const print = ({ action, outcome, shows, problem }) => {
    const mark = problem === null ? styleText('green', '✓') : styleText('red', '✗')
    console.log(`  ${mark} ${styleText('dim', action)}`)
    console.log(`    ${styleText('bold', outcome)}  ${shows}`)
    if (problem !== null) console.log(styleText('red', `    ${problem}`))
    counts[problem === null ? 'passed' : 'failed'] += 1
  }

  return {
    /** @param {string} title */
    chapter(title) {
      console.log(`\n${styleText('bold', title)}`)
    },

    /** @param {string} text */
    note(text) {
      console.log(`    ${text}`)
    },

    /**
     * @param {Request} request
     * @param {Expectation} expected
     * @returns {Promise<Answer>}
     */
    async call(request, expected) {
      const answer = await send(request)
      const { code } = answer.body
      print({
        action: curlOf(request),
        outcome: `${answer.status}${code ? ` ${code}` : ''}`,
        shows: expected.shows,
        problem: problemOf(answer, expected),
      })
      return answer
    },

    /**
     * Something else than a request, done by a command.
     *
     * @param {string} action
     * @param {string} shows
     * @param {() => Promise<void>} act Throws if it fails.
     */
    async act(action, shows, act) {
      const problem = await act().then(() => null, messageOf)
      print({ action, outcome: problem === null ? 'done' : 'failed', shows, problem })
    },

    /** Prints the summary. @returns How many checks failed. */
    finish() {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
      console.log(`\n${counts.passed} passed, ${counts.failed} failed, in ${seconds} s`)
      return counts.failed
    },
  }
}

/**
 * @param {Request} request
 * @returns {Promise<Answer>}
 */
async function send({ method = 'GET', url, body, ...request }) {
  const response = await fetch(url, {
    method,
    headers: headersOf({ ...request, url, body }),
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? {} : JSON.parse(text),
    cookies: response.headers.getSetCookie(),
  }
}

/**
 * @param {Request} request
 * @returns {Record<string, string>}
 */
function headersOf({ token, cookie, headers, body }) {
  return {
    ...(body && { 'Content-Type': 'application/json' }),
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(cookie && { Cookie: cookie }),
    ...headers,
  }
}

/**
 * @param {Answer} answer
 * @param {Expectation} expected
 */
function problemOf(answer, { status, code, check }) {
  try {
    assert.equal(answer.status, status, `${status} was expected`)
    assert.equal(answer.body.code, code, `${code ?? 'no problem'} was expected`)
    check?.(answer)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}

/**
 * The request as a line for a shell, with tokens cut short.
 *
 * @param {Request} request
 */
function curlOf(request) {
  const { method = 'GET', url, body } = request
  const parts = [
    'curl',
    ...(method === 'GET' || (method === 'POST' && body) ? [] : [`-X ${method}`]),
    url,
    ...Object.entries(headersOf(request)).map(([name, value]) => `-H '${name}: ${value}'`),
    ...(body ? [`-d '${JSON.stringify(body)}'`] : []),
  ]
  return parts.join(' ').replaceAll(/((?:eyJ|rt1_)[\w.-]{6})[\w.-]{20,}([\w-]{4})/g, '$1…$2')
}
