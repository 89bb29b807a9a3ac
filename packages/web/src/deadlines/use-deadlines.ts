import {
  type AssignPolicy,
  CalendarList,
  DatesPreview,
  DeadlinePolicy,
  DeadlinePolicyList,
  type DraftPolicy,
  FindingDeadline,
  type TakeInCalendar,
} from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put } from '../app/request.ts';

const KEY = 'deadlines';

/** Milliseconds until it is asked again whether there is a date. */
const DETERMINED = 2000;

/** `awaited`: it is to have a date, which a job determines a moment after the import. */
export const useFindingDeadline = (id: string, awaited: boolean) =>
  useQuery({
    queryKey: [KEY, 'finding', id],
    queryFn: ({ signal }) => get(FindingDeadline, `/findings/${id}/deadline`, signal),
    refetchInterval: ({ state: { data } }) => (awaited && data?.present === null ? DETERMINED : false),
  });

export const usePolicies = () =>
  useQuery({
    queryKey: [KEY, 'policies'],
    queryFn: ({ signal }) => get(DeadlinePolicyList, '/deadline-policies', signal),
  });

export const useCalendars = () =>
  useQuery({
    queryKey: [KEY, 'calendars'],
    queryFn: ({ signal }) => get(CalendarList, '/working-calendars', signal),
  });

/** Dates of findings follow a moment later; whoever goes there asks anew. */
function useChanged() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: [KEY] });
    await client.invalidateQueries({ queryKey: ['findings'] });
  };
}

export const useDraftPolicy = () =>
  useMutation({
    mutationFn: (draft: DraftPolicy) => post(DeadlinePolicy, '/deadline-policies', draft),
    onSuccess: useChanged(),
  });

export const useApprovePolicy = (id: string) =>
  useMutation({
    mutationFn: () => post(DeadlinePolicy, `/deadline-policies/${id}/approve`),
    onSuccess: useChanged(),
  });

/** Milliseconds between two looks at a preview that is being counted. */
const LOOK = 1000;

/** A preview that takes long goes on by itself; `data` is how far it is. */
function usePreview<Wish>(asked: (wish: Wish) => Promise<DatesPreview>) {
  const begun = useMutation({ mutationFn: asked });
  const id = begun.data?.id ?? null;
  const look = useQuery({
    queryKey: [KEY, 'preview', id],
    queryFn: ({ signal }) => get(DatesPreview, `/deadline-previews/${id}`, signal),
    enabled: id !== null,
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data.state === 'counting' ? LOOK : false,
  });
  return { ...begun, data: look.data ?? begun.data, error: begun.error ?? look.error };
}

export const usePreviewPolicy = (id: string) =>
  usePreview((wish: AssignPolicy) => post(DatesPreview, `/deadline-policies/${id}/preview`, wish));

export const usePreviewCalendar = (id: string) =>
  usePreview(() => post(DatesPreview, `/working-calendars/${id}/preview`));

export const useApproveCalendar = (id: string) =>
  useMutation({
    mutationFn: () => post(CalendarList, `/working-calendars/${id}/approve`),
    onSuccess: useChanged(),
  });

export const useAssignPolicy = (id: string) =>
  useMutation({
    mutationFn: (wish: AssignPolicy) => put(DeadlinePolicyList, `/deadline-policies/${id}/assignment`, wish),
    onSuccess: useChanged(),
  });

export const useTakeInCalendar = () =>
  useMutation({
    mutationFn: (calendar: TakeInCalendar) => put(CalendarList, '/working-calendars', calendar),
    onSuccess: useChanged(),
  });
