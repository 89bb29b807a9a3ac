import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreatedApiKey, Upload } from '@backcheck/contract';
import { Upload as TusUpload } from 'tus-js-client';
import { afterAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../tests/support/database.ts';
import { freePort } from '../../../../tests/support/free-port.ts';
import { startServerProcess } from '../../../../tests/support/server-process.ts';

const MEGABYTE = 1024 ** 2;
const PIECE = 4 * MEGABYTE;
const folder = mkdtempSync(join(tmpdir(), 'backcheck-killed-upload-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a server that is killed in the middle of an upload', () => {
  it('goes on where it was, and acknowledges the hash of the whole file', async () => {
    const { connectionString } = await freshDatabase();
    const environment = {
      DATABASE_URL: connectionString,
      DATA_DIR: folder,
      // the same at each start: the client only knows that one
      PORT: String(await freePort()),
      RUNNER_TASKS: '0',
      LOG_LEVEL: 'error',
    };
    let server = await startServerProcess(environment);
    const { key } = CreatedApiKey.parse(await server.post('/api-keys', { name: 'uploads' }));
    const headers = { authorization: `Bearer ${key}` };
    const bytes = randomBytes(20 * MEGABYTE);
    let kills = 0;
    let restarting = Promise.resolve();
    let sent = 0;

    const url = await new Promise<string>((resolve, reject) => {
      const upload = new TusUpload(bytes, {
        endpoint: `${server.origin}/api/v1/uploads`,
        headers,
        metadata: { filename: 'evidence.bin' },
        chunkSize: PIECE,
        retryDelays: [200, 400, 800, 1600, 3200, 6400, 6400, 6400],
        onChunkComplete: (piece) => {
          sent += piece;
        },
        onProgress: (now) => {
          if (kills === 2 || now < (kills + 1) * 6 * MEGABYTE) return;
          kills += 1;
          restarting = restarting
            .then(() => server.kill())
            .then(() => startServerProcess(environment))
            .then((again) => {
              server = again;
            });
          restarting.catch(reject);
        },
        onSuccess: () => resolve(upload.url ?? ''),
        onError: reject,
      });
      upload.start();
    });

    expect(kills).toBe(2);
    await restarting;
    // What had arrived was not sent again: at most one piece for each kill.
    expect(sent).toBeLessThanOrEqual(bytes.length + 2 * PIECE);
    expect(Upload.parse(await (await fetch(url, { headers })).json())).toMatchObject({
      state: 'ready',
      fileName: 'evidence.bin',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });
});
