import { createMemoryHistory } from '@tanstack/react-router';
import { describe, expect, test } from 'vitest';
import { router } from './router.tsx';

/** What the router makes of an address when it starts there; the browser then shows this one. */
async function read(address: string): Promise<string> {
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: [address] }) });
  await router.load();
  const { pathname } = router.latestLocation;
  const canonical = { to: pathname, search: true, params: true, hash: true, _includeValidateSearch: true };
  return router.buildLocation(canonical as Parameters<typeof router.buildLocation>[0]).href;
}

describe('an address that was shortened, mistyped or kept for long', () => {
  test.each([
    ['/findings?state=open%2Cgone&colour=red', '/findings?state=open'],
    ['/work?list=us', '/work'],
    ['/notices?kind=letter', '/notices'],
    ['/?problem=SINGLE_SIGN_ON_UNKNOWN', '/?problem=SINGLE_SIGN_ON_UNKNOWN'],
    ['/policies/new?from=3&x=1', '/policies/new?from=3'],
  ])('of %s what is understood is kept, and nothing else', async (address, left) => {
    expect(await read(address)).toBe(left);
  });
});
