/** `npm run chaos` asks for the long form; `npm test` has the short one. */
export const isLong: boolean = process.env['CHAOS'] === 'long'
