import type { MailKind } from '../model/mail.ts'

/**
 * What a mail says. `{{name}}` is replaced by a value; a paragraph that holds only a link becomes
 * a button. Values are text of ours or checked by us: what a stranger typed into a form is never
 * among them, or anybody could have anything sent to anybody.
 */
export interface MailTemplate {
  readonly subject: string
  readonly text: string
  /** Default: made from `text`. */
  readonly html?: string
}

/** By kind; in every one `site`, the name of the site, and `issuer`, its address. */
export type MailTemplates = Readonly<Record<MailKind, MailTemplate>>

const ignore = 'If it was not you, do nothing: without this link nothing happens.'

/** In English. `mailTemplates` or `MAIL_TEMPLATES` replaces them one by one. */
export const builtInTemplates: MailTemplates = {
  verify_email: {
    subject: 'Confirm your e-mail address for {{site}}',
    text: `Somebody, we hope you, signed up at {{site}} with this address.

To confirm that it is yours, open this page within {{hours}} hours:

{{link}}

If it was not you, do not open it, and nothing happens.`,
  },
  already_registered: {
    subject: 'You have an account at {{site}} already',
    text: `Somebody, perhaps you, signed up at {{site}} with this address. It has an account already, and nothing was changed.

If it was you, sign in. If you do not remember the password, ask for a new one at {{site}}.

If it was not you, there is nothing to do.`,
  },
  reset_password: {
    subject: 'Choose a new password for {{site}}',
    text: `Somebody, we hope you, asked for a new password for your account at {{site}}.

To choose one, open this page within {{minutes}} minutes:

{{link}}

${ignore}`,
  },
  confirm_new_email: {
    subject: 'Confirm your new e-mail address for {{site}}',
    text: `You asked {{site}} to use this address from now on.

To confirm that it is yours, open this page within {{hours}} hours:

{{link}}

${ignore}`,
  },
  email_change_requested: {
    subject: 'Your e-mail address at {{site}} is about to change',
    text: `Somebody who knows your password asked {{site}} to use another address than this one: {{newEmail}}

It changes when that address is confirmed.

If it was not you, change your password now: that stops it.`,
  },
  email_changed: {
    subject: 'Your e-mail address at {{site}} has changed',
    text: `From now on your account at {{site}} uses {{newEmail}} instead of this address.

If it was not you, write to whoever runs {{site}}, at once.`,
  },
  password_changed: {
    subject: 'Your password at {{site}} has changed',
    text: `The password of your account at {{site}} was changed on {{time}}. You were signed out everywhere else.

If it was not you, ask for a new password at {{site}} now: it is sent to this address.`,
  },
  new_device: {
    subject: 'A new sign-in to {{site}}',
    text: `Your account at {{site}} was signed in to from a device we have not seen before.

Device: {{device}}
Time: {{time}}

If it was you, there is nothing to do.

If it was not you, open this page. It signs everybody out and sends you a link for a new password:

{{link}}`,
  },
  context_changed: {
    subject: 'Your sign-in at {{site}} is used from elsewhere',
    text: `One of your sign-ins at {{site}} is now used from another network or with another browser than before.

Device: {{device}}
Time: {{time}}

If it was you, there is nothing to do.

If it was not you, open this page. It signs everybody out and sends you a link for a new password:

{{link}}`,
  },
  session_stolen: {
    subject: 'We ended one of your sign-ins at {{site}}',
    text: `Two parties used the same sign-in of yours at {{site}}, which happens when it is stolen. We ended it.

Device: {{device}}
Time: {{time}}

Sign in again. If you see sign-ins you do not know, or are in doubt, change your password.`,
  },
}
