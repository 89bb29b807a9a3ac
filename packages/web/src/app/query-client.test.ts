import { MutationObserver, onlineManager } from '@tanstack/react-query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryClient } from './query-client.ts';

// The server may stand on this very machine, or in a network that the browser takes for none.
beforeAll(() => onlineManager.setOnline(false));
afterAll(() => onlineManager.setOnline(true));

test('what a person sends goes out although the browser believes to be off the net', () => {
  const sent: string[] = [];
  const mutationFn = async (text: string) => void sent.push(text);
  void new MutationObserver(queryClient, { mutationFn }).mutate('a claim');
  return expect.poll(() => sent).toEqual(['a claim']);
});

test('a screen asks for what it shows although the browser believes to be off the net', () => {
  const asked: string[] = [];
  const queryFn = async () => asked.push('a list');
  void queryClient.fetchQuery({ queryKey: ['a list'], queryFn });
  return expect.poll(() => asked).toEqual(['a list']);
});
