/**
 * The form of a password that is measured and hashed: keyboards differ in how they compose
 * characters (NIST SP 800-63B-4 §3.1.1.2).
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC')
}
