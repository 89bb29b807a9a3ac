import pg from 'pg';

/** Runs one statement on a connection of its own. */
export async function administer(address: string, sql: string): Promise<void> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A socket address has no host before the path, which the URL class refuses. */
export function withDatabase(address: string, name: string): string {
  return address.replace(/^(postgres(?:ql)?:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`);
}
