import {
  type LogDelivery,
  NoticeDeliveries,
  RegisteredWebhook,
  type RegisterWebhook,
  Webhook,
  WebhookList,
  WebhookTested,
} from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, tell } from '../app/request.ts';

const KEY = 'deliveries';
const WEBHOOKS = 'webhooks';
/** Milliseconds between two looks at what is on its way. */
const LOOK = 3000;

const onItsWay = ({ planned, items }: NoticeDeliveries): boolean =>
  !planned ||
  items.some(({ state, attempts }) => state === 'sending' || (state === 'waiting' && attempts === 0));

export const useDeliveries = (noticeId: string) =>
  useQuery({
    queryKey: [KEY, noticeId],
    queryFn: ({ signal }) => get(NoticeDeliveries, `/notices/${noticeId}/deliveries`, signal),
    refetchInterval: ({ state: { data } }) => (data !== undefined && onItsWay(data) ? LOOK : false),
  });

/** One thing that somebody does about the deliveries of a notice. */
export type DeliveryDeed =
  | { readonly kind: 'acknowledge'; readonly note: string }
  | { readonly kind: 'opened' }
  /** `key`: of the form, so that what is sent again is not logged twice. */
  | { readonly kind: 'log'; readonly entry: LogDelivery; readonly key: string }
  | { readonly kind: 'send-again' | 'confirm'; readonly deliveryId: string }
  | { readonly kind: 'done'; readonly escalationId: string }
  | { readonly kind: 'dismiss'; readonly escalationId: string; readonly reason: string };

function send(noticeId: string, deed: DeliveryDeed): Promise<void> {
  const notice = `/notices/${noticeId}`;
  switch (deed.kind) {
    case 'acknowledge':
      return tell(`${notice}/receipts`, { note: deed.note });
    case 'opened':
      return tell(`${notice}/opened`);
    case 'log':
      return tell(`${notice}/deliveries/log`, deed.entry, deed.key);
    case 'send-again':
    case 'confirm':
      return tell(`${notice}/deliveries/${deed.deliveryId}/${deed.kind}`);
    case 'done':
      return tell(`${notice}/escalations/${deed.escalationId}/done`);
    case 'dismiss':
      return tell(`${notice}/escalations/${deed.escalationId}/dismiss`, { reason: deed.reason });
  }
}

/** A receipt changes the lists of notices and dates of findings, so they are looked up again too. */
export function useDeed(noticeId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deed: DeliveryDeed) => send(noticeId, deed),
    onSettled: (_done, _error, { kind }) =>
      client.invalidateQueries(kind === 'opened' ? { queryKey: [KEY, noticeId] } : {}),
  });
}

export const useWebhooks = () =>
  useQuery({
    queryKey: [WEBHOOKS],
    queryFn: ({ signal }) => get(WebhookList, '/webhooks', signal),
  });

export function useRegisterWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: RegisterWebhook) => post(RegisteredWebhook, '/webhooks', wish),
    onSuccess: () => client.invalidateQueries({ queryKey: [WEBHOOKS] }),
  });
}

export const useTestWebhook = () =>
  useMutation({ mutationFn: (id: string) => post(WebhookTested, `/webhooks/${id}/test`) });

export function useDisableWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post(Webhook, `/webhooks/${id}/disable`),
    onSuccess: () => client.invalidateQueries({ queryKey: [WEBHOOKS] }),
  });
}
