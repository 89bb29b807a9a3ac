import { describe, expect, it } from 'vitest';
import { ask, said, withServer } from './ask.fixture.ts';
import { PATIENCE } from './connect.ts';
import { isOpen } from './tcp.ts';

const CHECKS = ['backcheck-tcp:open-port'];
const refusing = {
  connect: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
  signal: new AbortController().signal,
  patience: PATIENCE,
};

/** Gives one number of the list after the other. */
function counts(...numbers: (number | null)[]) {
  let next = 0;
  return (): Promise<number | null> => Promise.resolve(numbers[next++] ?? null);
}

describe('a port', () => {
  it('is open while it accepts, and closed once its machine refuses', async () => {
    const port = await withServer(
      () => undefined,
      async (open) => {
        expect(said(await ask({ port: open, checks: CHECKS }))).toEqual(['backcheck-tcp:open-port present']);
        return open;
      },
    );
    const closed = await ask({ port, checks: CHECKS });
    expect(said(closed)).toEqual(['backcheck-tcp:open-port absent']);
    expect(closed.assets).toMatchObject([{ reached: true }]);
  });

  it('is not closed by a refusal that a filter sends in its name', async () => {
    expect(await isOpen({ port: 1 }, refusing, counts(7, 7))).toBe(false);
    expect(await isOpen({ port: 1 }, refusing, counts(7, 8, 8, 8))).toBe(false);
    await expect(isOpen({ port: 1 }, refusing, counts(1, 2, 2, 3, 3, 4))).rejects.toMatchObject({
      reason: 'BLOCKED',
    });
    await expect(isOpen({ port: 1 }, refusing, counts())).rejects.toMatchObject({ reason: 'BLOCKED' });
  });

  it('other than TCP is not tried', async () => {
    expect(said(await ask({ port: 53, checks: CHECKS, transport: 'udp' }))).toEqual([
      'backcheck-tcp:open-port error',
    ]);
  });
});
