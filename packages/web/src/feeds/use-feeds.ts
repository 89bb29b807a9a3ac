import { Feed, FeedList, FeedVersionList, type SetFeedAddress, type SetFeedLimit } from '@backcheck/contract';
import type { FeedName } from '@backcheck/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, postForm, put } from '../app/request.ts';

const KEY = 'feeds';
/** Milliseconds between two looks while one is being fetched. */
const LOOK = 2000;

export const useFeeds = () =>
  useQuery({
    queryKey: [KEY, 'list'],
    queryFn: ({ signal }) => get(FeedList, '/feeds', signal),
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ asked }) => asked) === true ? LOOK : false,
  });

/** `takenInAt` of the version in use: when the job has taken a newer one in, the list is another. */
export const useFeedVersions = ({ feed, takenInAt }: Pick<Feed, 'feed' | 'takenInAt'>) =>
  useQuery({
    queryKey: [KEY, 'versions', feed, takenInAt],
    queryFn: ({ signal }) => get(FeedVersionList, `/feeds/${feed}/versions`, signal),
  });

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEY] });
}

export const useUploadFeed = (feed: FeedName) =>
  useMutation({
    mutationFn: ({ file, older = false }: { readonly file: File; readonly older?: boolean }) => {
      const form = new FormData();
      form.set('file', file);
      return postForm(Feed, `/feeds/${feed}/files${older ? '?older=true' : ''}`, form);
    },
    onSuccess: useChanged(),
  });

export const useSetFeed = (feed: FeedName) =>
  useMutation({
    mutationFn: async ({ address, staleAfterDays }: SetFeedAddress & SetFeedLimit) => {
      await put(Feed, `/feeds/${feed}/limit`, { staleAfterDays });
      return put(Feed, `/feeds/${feed}/address`, { address });
    },
    onSuccess: useChanged(),
  });

export const useFetchFeed = (feed: FeedName) =>
  useMutation({
    mutationFn: () => post(Feed, `/feeds/${feed}/fetch`),
    onSuccess: useChanged(),
  });
