import { z } from 'zod'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { type MailPage, mailPage, mailPagePolicy } from './page.ts'

// What mailed links open. A page does nothing by itself: programs that look into mail open every
// link there is. Its button posts the secret, which stands behind the # and is in no log.

const pages: Readonly<Record<string, MailPage>> = {
  'verify-email': {
    title: 'Confirm your e-mail address',
    text: 'Is this address yours, and did you sign up here?',
    button: 'Yes, confirm it',
    done: 'Your e-mail address is confirmed. You can close this page.',
    endpoint: '/email/verify',
  },
  'reset-password': {
    title: 'Choose a new password',
    text: 'You will be signed out everywhere.',
    button: 'Set the password',
    done: 'Your password is set. Sign in with it.',
    endpoint: '/password/reset',
    asksPassword: true,
  },
  'change-email': {
    title: 'Confirm your new e-mail address',
    text: 'From now on your account uses this address.',
    button: 'Yes, use this address',
    done: 'Your e-mail address has changed. You can close this page.',
    endpoint: '/email/change/confirm',
  },
  'disown-session': {
    title: 'This was not you?',
    text: 'Everybody is signed out, your password stops working, and we mail you a link to choose a new one.',
    button: 'It was not me: sign everybody out',
    done: 'Everybody is signed out. Look into your mail for a link to choose a new password.',
    endpoint: '/sign-in/disown',
  },
}

function showPage(name: string, page: MailPage): Endpoint {
  return publicEndpoint({
    method: 'GET',
    path: `/pages/${name}`,
    tag: 'Accounts',
    summary: `The page a mailed link opens: ${page.title.toLowerCase()}`,
    success: [
      { status: 200, description: 'The page.', schema: z.string(), contentType: 'text/html' },
    ],
    errors: [],

    async handle({ settings }) {
      const { basePath, siteName } = settings
      return new Response(mailPage(page, { basePath, siteName }), {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': mailPagePolicy,
        },
      })
    },
  })
}

export const mailPages: readonly Endpoint[] = Object.entries(pages).map(([name, page]) =>
  showPage(name, page),
)
