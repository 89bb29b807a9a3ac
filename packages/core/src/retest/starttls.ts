/** Ports of protocols that begin in the clear and turn to TLS when asked (RFC 3207, 2595, 4217, 4511, 6120). */
const STARTTLS: ReadonlyMap<number, string> = new Map([
  [21, 'ftp'],
  [25, 'smtp'],
  [110, 'pop3'],
  [143, 'imap'],
  [389, 'ldap'],
  [587, 'smtp'],
  [3306, 'mysql'],
  [5222, 'xmpp'],
  [5432, 'postgres'],
]);

/** The protocol in which TLS has to be asked for on this port; undefined where it comes at once. */
export function starttls(port: number): string | undefined {
  return STARTTLS.get(port);
}
