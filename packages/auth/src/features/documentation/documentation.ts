import { z } from 'zod'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { docsPage, docsPagePolicy } from './page.ts'

/**
 * The endpoints that show what the others do.
 *
 * @param document The OpenAPI document of those others.
 */
export function documentation(document: object): readonly Endpoint[] {
  const openApi = JSON.stringify(document)

  const showDocument = publicEndpoint({
    method: 'GET',
    path: '/openapi.json',
    tag: 'Documentation',
    summary: 'This interface as an OpenAPI 3.1 document.',
    success: [{ status: 200, description: 'The document.', schema: z.looseObject({}) }],
    errors: [],

    async handle() {
      return new Response(openApi, {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      })
    },
  })

  const showPage = publicEndpoint({
    method: 'GET',
    path: '/docs',
    tag: 'Documentation',
    summary: 'A page to read this interface and try it.',
    success: [
      { status: 200, description: 'The page.', schema: z.string(), contentType: 'text/html' },
    ],
    errors: [],

    async handle() {
      return new Response(docsPage, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': docsPagePolicy,
        },
      })
    },
  })

  // Whoever opens the bare address of a standalone server is shown where to look.
  const showHome = publicEndpoint({
    method: 'GET',
    path: '/',
    root: true,
    tag: 'Documentation',
    summary: 'Leads to the documentation.',
    success: [{ status: 303, description: 'See the page.' }],
    errors: [],

    async handle(deps) {
      const location = `${deps.settings.basePath}/docs`
      return new Response(null, { status: 303, headers: { location } })
    },
  })

  return [showDocument, showPage, showHome]
}
