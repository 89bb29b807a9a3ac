import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Runs inside of a network namespace: what connects to its loopback goes on through a socket in the file system, which
 * namespaces share. Prints the port. The process ends when its standard input ends, so none outlives its test.
 */
const [socket = ''] = process.argv.slice(2);
const server = createServer((near) => {
  const far = connect(socket);
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
createInterface({ input: process.stdin }).once('close', () => process.exit(0));
