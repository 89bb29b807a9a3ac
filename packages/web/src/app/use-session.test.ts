import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { SESSION_KEY, sessionQuery } from './use-session.ts';

afterEach(() => vi.unstubAllGlobals());

function answersAs(id: string): void {
  const session = {
    account: { id, name: `Account ${id}` },
    email: null,
    language: 'en',
    hasPassword: true,
    twoFactor: 'off',
  };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(session)));
}

test('what one account saw is gone before another one that signed in beside it is known', async () => {
  const client = new QueryClient();
  answersAs('1');
  await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
  client.setQueryData(['findings'], 'of the first account');
  await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
  expect(client.getQueryData(['findings'])).toBe('of the first account');

  const seen: unknown[] = [];
  const observer = new QueryObserver(client, { ...sessionQuery, staleTime: 0 });
  observer.subscribe(({ data }) => seen.push([data?.account.id, client.getQueryData(['findings'])]));
  answersAs('2');
  await observer.refetch();
  expect(seen).toContainEqual(['2', undefined]);
  expect(seen).not.toContainEqual(['2', 'of the first account']);
  expect(client.getQueryData([SESSION_KEY])).toMatchObject({ account: { id: '2' } });
});
