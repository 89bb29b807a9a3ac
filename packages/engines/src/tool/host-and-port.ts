/** "192.0.2.7:443", "[2001:db8::7]:443". */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
